import ArgumentParser
import GatehouseClient
import GatehouseCore

/// The events that a command asks for.
struct FeedOptions: ParsableArguments {
    @Option(
        help: "only these kinds: globs, separated by commas, for example access.*,door.forced",
        completion: Completable.kinds)
    var kind: String?
    @Option(help: "only these doors, separated by commas; alarms without a known door are included") var door: String?
    @Option(help: "only this organization and all organizations below it") var organization: String?
    @Option(
        help:
            "only events taken since: 2h for two hours ago, or 2026-03-11T08:15:30Z (without a zone: UTC)",
        transform: Moment.told)
    var since: Moment?
    @Option(
        help: "only events taken before, in the same format; a date alone means the end of that day",
        transform: Moment.toldEnd)
    var until: Moment?
    @Option(help: "only events after this cursor: the `next` of a list or the last id of a tail") var after: String?

    /// The filter as the client takes it.
    func filter(now: Instant) -> APIClient.EventFilter {
        var filter = APIClient.EventFilter(
            kinds: Self.list(kind), doors: Self.list(door), organization: organization)
        filter.since = since?.instant(before: now)
        filter.until = until?.instant(before: now)
        return filter
    }

    /// The words between the commas.
    static func list(_ text: String?) -> [String] {
        text.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
}

/// A point in time as a person writes it: `2h` for two hours ago, or an ISO 8601 time, in UTC if it has no zone.
enum Moment: Hashable {
    case ago(TimeSpan)
    case at(Instant)

    /// Reads an argument; the `transform` of an option.
    ///
    /// - Throws: a sentence that says which forms are taken and why this argument is none of them.
    static func told(_ argument: String) throws -> Moment {
        if let span = TimeSpan(argument: argument) { return .ago(span) }
        do {
            return .at(try TimeText(argument).time.instant)
        } catch {
            throw ValidationError(
                "it takes a time ago, such as 2h, or a time such as 2026-03-11T08:15:30Z (ISO 8601): \(error.sentence)"
            )
        }
    }

    /// Reads an argument as the end of a period: a date alone means the whole day.
    static func toldEnd(_ argument: String) throws -> Moment {
        guard let time = try? TimeText(argument), time.isDateAlone else { return try told(argument) }
        return .at(time.spanEnd)
    }

    /// The instant that the argument means.
    func instant(before now: Instant) -> Instant {
        switch self {
        case .ago(let span): now - span.duration
        case .at(let instant): instant
        }
    }
}
