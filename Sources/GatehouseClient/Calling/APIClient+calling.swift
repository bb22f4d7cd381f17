public import GatehouseCore

extension APIClient {
    /// Sends a request, repeats it if that is safe, and returns the last answer, also a refusal.
    ///
    /// - Throws: if there is no answer at all.
    public func send(_ call: Call) async throws(GatehouseError) -> Answer {
        var tries = 0
        var mayHaveBeenTaken = false
        let clock = ContinuousClock()
        let end = settings.retries.longest.map { clock.now + $0 }
        while true {
            tries += 1
            let met = await attempt(call)
            guard tries < settings.retries.attempts,
                let pause = pause(after: met, of: call, tries, mayHaveBeenTaken),
                end.map({ clock.now + pause < $0 }) ?? true
            else { return try conclude(met, of: call, mayHaveBeenTaken) }
            mayHaveBeenTaken = mayHaveBeenTaken || !met.isUntaken
            try await rest(pause)
        }
    }

    /// Sends a request that must succeed.
    ///
    /// - Throws: ``GatehouseError/refused(_:)`` if it did not.
    public func accepted(_ call: Call) async throws(GatehouseError) -> Answer {
        let answer = try await send(call)
        guard answer.isSuccess else { throw .refused(answer.refusal) }
        return answer
    }

    /// Sends a request that must succeed, and reads its answer as JSON.
    public func json(_ call: Call) async throws(GatehouseError) -> JSON {
        try await accepted(call).json
    }

    /// Sends a request that must succeed, and reads its answer as a value.
    func value<Answered: Value>(_ call: Call) async throws(GatehouseError) -> Answered {
        try Answered(try await json(call))
    }

    func rest(_ pause: Duration) async throws(GatehouseError) {
        do {
            try await pauses.sleep(pause)
        } catch {
            throw .cancelled
        }
    }

    /// The result of the last try, in the light of the earlier ones.
    private func conclude(
        _ met: Result<Answer, GatehouseError>, of call: Call, _ mayHaveBeenTaken: Bool
    ) throws(GatehouseError) -> Answer {
        guard mayHaveBeenTaken else { return try met.get() }
        switch met {
        case .success(let answer) where call.method == .delete && answer.status == 404:
            // An earlier try deleted it, although its answer was lost.
            return Answer(status: 204, body: [], requestID: answer.requestID)
        case .failure(.unreachable(let sentence)), .failure(.untrusted(let sentence)):
            throw .unanswered(sentence)
        case .success, .failure:
            return try met.get()
        }
    }

    private func attempt(_ call: Call) async -> Result<Answer, GatehouseError> {
        do throws(GatehouseError) {
            return .success(try await transport.exchange(call))
        } catch {
            return .failure(error)
        }
    }

    /// How long to wait before the call is repeated; nil if it is not repeated.
    private func pause(
        after met: Result<Answer, GatehouseError>, of call: Call, _ tries: Int, _ mayHaveBeenTaken: Bool
    ) -> Duration? {
        let own = settings.retries.pause(after: tries, chance: pauses.chance())
        switch met {
        case .failure(let error):
            return error.isRepeatable(call.repetition) ? own : nil
        case .success(let answer) where answer.isSuccess:
            return nil
        case .success(let answer):
            // The first try is still running: its result is the answer to the next call.
            let isUnderWay =
                mayHaveBeenTaken && call.idempotencyKey != nil && answer.refusal.type == "/problems/repeated-command"
            guard isUnderWay || answer.refusal.isRepeatable(call.repetition) else { return nil }
            let asked = answer.retryAfter.map { Duration.seconds($0) } ?? .zero
            return asked > settings.retries.longestPause ? nil : max(own, asked)
        }
    }
}

extension Result<APIClient.Answer, GatehouseError> {
    /// Whether the gateway certainly did nothing.
    fileprivate var isUntaken: Bool {
        switch self {
        case .failure(.unreachable), .failure(.untrusted): true
        case .failure: false
        case .success(let answer): answer.refusal.isUntaken
        }
    }
}

extension GatehouseError {
    fileprivate func isRepeatable(_ repetition: APIClient.Call.Repetition) -> Bool {
        switch self {
        case .unreachable: true
        case .unanswered: repetition == .harmless
        case .misuse, .untrusted, .refused, .unreadable, .cancelled: false
        }
    }
}

extension Problem {
    /// Whether the gateway itself said that it did nothing, and will accept the request a little later.
    fileprivate var isUntaken: Bool { isGateways && [408, 429, 503].contains(status) }

    /// A 502, 503 or 504 of a proxy says nothing about what the gateway did; the gateway's own 504 is about a door.
    fileprivate func isRepeatable(_ repetition: APIClient.Call.Repetition) -> Bool {
        isUntaken || (!isGateways && isPassing && repetition == .harmless)
    }
}
