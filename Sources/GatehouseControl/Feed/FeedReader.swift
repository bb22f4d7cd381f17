package import GatehouseCore

/// Reads the feed for one caller, with the rights that its key has at that moment: a key that was revoked reads nothing
/// more, and one whose organization moved reads what it reaches now.
package struct FeedReader: Sendable {
    /// How many events are asked for at once.
    package static let slice = 50
    /// How many slices one page may take: what is left is the next page's.
    static let slices = 25
    /// After how many bytes of events a page ends, though its limit allows more events. A connection whose caller does
    /// not read holds one page.
    static let pageBytes = 1024 * 1024
    /// How often the store is asked without a hint.
    package static let backstop = Duration.seconds(5)
    /// How soon the store is asked again after a hint, at the earliest: under load many commits are one hint.
    package static let rest = Duration.milliseconds(100)

    /// What is asked for.
    package let question: FeedQuestion
    /// By which key.
    let key: Key
    let feed: Feed

    /// Events as they are sent, and where they end.
    package struct Page: Sendable {
        /// The events, oldest first.
        package var lines: [Line] = []
        /// Up to here everything was looked at.
        package var reached: EventPosition
        /// Whether there is nothing more at present.
        package var isAtEnd = false
        /// The newest event of the store.
        package var newest = EventPosition(0)
        /// Up to here events may have been pruned.
        package var prunedUpTo = EventPosition(0)

        /// Whether events behind a cursor may be missing, because they were pruned. A caller without a cursor asks
        /// for the events that there are.
        package func isCut(behind cursor: EventPosition) -> Bool { cursor > EventPosition(0) && cursor < prunedUpTo }
    }

    /// One event as it is sent.
    package struct Line: Sendable {
        /// Its place in the order of commits: the cursor behind it.
        package let position: EventPosition
        /// Its kind.
        package let kind: Kind
        /// The event as JSON in UTF-8, at the privacy level of the key that reads.
        package let bytes: [UInt8]
    }

    /// The next events behind a cursor, as many as there are up to a limit; fewer, even none, where looking for them
    /// takes long or where they are large. Pages of one key are read one after the other.
    package func page(after cursor: EventPosition, limit: Int) async throws -> Page {
        try await feed.turns.take(of: key.id) { try await read(after: cursor, limit: limit) }
    }

    /// The next page behind one that was empty, as soon as there is something: no later than at a deadline, at the
    /// gateway's end, or when nothing can fit any more.
    package func nextPage(behind first: Page, limit: Int, until deadline: Instant) async throws -> Page {
        var page = first
        while true {
            let (mark, asked) = (feed.signal.mark, feed.clock.now)
            page = try await self.page(after: page.reached, limit: limit)
            let isOver = feed.signal.isClosed || asked >= deadline || !question.mayFit(after: asked)
            if !page.lines.isEmpty || !page.isAtEnd || isOver { return page }
            try await rest(after: mark, asked: asked, until: deadline)
        }
    }

    private func read(after cursor: EventPosition, limit: Int) async throws -> Page {
        var page = Page(reached: cursor)
        var bytes = 0
        for _ in 0..<Self.slices where page.lines.count < limit && bytes < Self.pageBytes && !page.isAtEnd {
            let key = try present()
            var filter = question.filter(for: key, in: feed.directory.directory, after: page.reached)
            filter.limit = min(Self.slice, limit - page.lines.count)
            let slice = try await feed.store.feed(filter)
            let weight = slice.events.reduce(0) { $0 + $1.event.weight }
            page.lines += try await feed.pages.run(on: weight) {
                slice.events.map { position, event in
                    let bytes = event.cloudEvent(at: key.privacyLevel).bytes
                    return Line(position: position, kind: event.kind, bytes: bytes)
                }
            }
            bytes = page.lines.reduce(0) { $0 + $1.bytes.count }
            page.reached = slice.reached
            page.isAtEnd = slice.isAtEnd
            page.newest = slice.newest
            page.prunedUpTo = slice.prunedUpTo
        }
        return page
    }

    /// A page without events, which says what the store's newest is and what was pruned, for every caller.
    package func bounds() async throws(StoreError) -> Page {
        var nothing = FeedFilter(limit: 1)
        nothing.organizations = []
        let slice = try await feed.store.feed(nothing)
        var page = Page(reached: slice.newest)
        page.newest = slice.newest
        page.prunedUpTo = slice.prunedUpTo
        return page
    }

    /// Refuses a cursor that this store cannot have given: after a restored backup, silence would look like peace.
    package func check(_ cursor: EventPosition, _ field: String, newest: EventPosition) throws(ValidationError) {
        guard cursor > newest else { return }
        throw ValidationError(
            .outOfBounds, field: field,
            "\(field) is ahead of every event of this store, so it is none of its cursors; begin again without it")
    }

    /// Waits until something may have come, no longer than until `deadline`.
    ///
    /// - Parameters:
    ///   - mark: taken before the store was asked.
    ///   - asked: when it was asked.
    package func rest(after mark: Int, asked: Instant, until deadline: Instant) async throws {
        let (commitSignal, clock) = (feed.signal, feed.clock)
        let latest = min(deadline, asked + Self.backstop)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await commitSignal.wait(after: mark) }
            group.addTask { try? await clock.sleep(until: latest) }
            await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
        let earliest = min(deadline, asked + Self.rest)
        if !commitSignal.isClosed, clock.now < earliest { try await clock.sleep(until: earliest) }
    }

    private func present() throws(KeyRevoked) -> Key {
        guard let key = feed.keys.present(self.key.id, at: feed.clock.now), key.role.allows(.read) else {
            throw KeyRevoked()
        }
        return key
    }
}

/// The key of a request that lasts was revoked meanwhile, or may not read any more.
package struct KeyRevoked: Error {}
