internal import GatehouseCore

extension APIClient {
    /// One event of the stream, with the cursor after it.
    public struct ToldEvent: Hashable, Sendable {
        /// The cursor after this event: store it together with your result, and no event is missed or handled twice.
        public let cursor: String?
        /// The event.
        public let event: Event
    }

    /// New events without an end, over as many connections as needed: after a lost connection the next one continues
    /// after the last event (`Last-Event-ID`), so that no event is missed and none comes twice.
    ///
    /// It ends by throwing if the gateway refuses, or never answered within the tries of ``Retries``. After the first
    /// answer it waits for the gateway without a limit.
    public struct FollowedEvents: AsyncSequence, Sendable {
        let client: APIClient
        let call: Call
        let after: String?
        let cut: @Sendable () -> Void
        let interrupted: @Sendable (GatehouseError?) -> Void

        public func makeAsyncIterator() -> Iterator { Iterator(self) }

        /// One iteration, from the cursor on.
        public struct Iterator: AsyncIteratorProtocol {
            private let source: FollowedEvents
            private var stream: EventStream?
            private var lastID: String?
            private var wasOpen = false
            private var failures = 0

            init(_ source: FollowedEvents) {
                self.source = source
                self.lastID = source.after
            }

            /// The next event; never nil.
            ///
            /// - Throws: a ``GatehouseError``.
            public mutating func next() async throws -> ToldEvent? {
                while true {
                    do {
                        if let message = try await message() {
                            (wasOpen, failures) = (true, 0)
                            guard message.kind != "pruned" else {
                                source.cut()
                                continue
                            }
                            let event = try Event(text: message.data)
                            return ToldEvent(cursor: message.id, event: event)
                        }
                        try await pause(after: nil)
                    } catch let broken as EventStream.Broken {
                        try await pause(after: broken)
                    } catch let error as GatehouseError {
                        stream = nil
                        throw error
                    } catch {
                        throw GatehouseError.cancelled
                    }
                }
            }

            private mutating func message() async throws -> ServerSentEvents.Message? {
                var open: EventStream
                if let stream {
                    open = stream
                } else {
                    open = try await EventStream(source.client, source.call, after: lastID)
                    wasOpen = true
                }
                stream = nil
                defer { lastID = open.lastID ?? lastID }
                let message = try await open.next()
                if message != nil { stream = open }
                return message
            }

            /// Waits before the next connection.
            ///
            /// - Throws: if another connection makes no sense.
            private mutating func pause(after broken: EventStream.Broken?) async throws(GatehouseError) {
                failures += 1
                let (client, retries) = (source.client, source.client.settings.retries)
                wasOpen = wasOpen || broken?.wasOpen ?? false
                if let broken, !wasOpen, failures >= retries.attempts { throw broken.error }
                if wasOpen { source.interrupted(broken?.error) }
                var pause = retries.pause(after: failures, chance: client.pauses.chance())
                if case .refused(let refusal) = broken?.error, let asked = refusal.retryAfter {
                    pause = Swift.max(pause, Swift.min(.seconds(asked), retries.longestPause))
                }
                try await client.rest(pause)
            }
        }
    }
}
