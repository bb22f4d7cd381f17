import ArgumentParser
import GatehouseClient
import GatehouseCore

/// Which events are asked for.
struct FeedOptions: ParsableArguments {
    @Option(
        help: "only of these kinds, globs with commas between them, as in access.*,door.forced",
        completion: Completable.kinds)
    var kind: String?
    @Option(help: "only those of these doors, with commas between them, and alarms at no known door") var door: String?
    @Option(help: "only of this organization and all below it") var organization: String?
    @Option(
        help:
            "only those taken since then: 2h for so long ago, or a time as 2026-03-11T08:15:30Z (without a zone: UTC)",
        transform: Moment.told)
    var since: Moment?
    @Option(
        help: "only those taken before then, in the same words; a date alone means its end", transform: Moment.toldEnd)
    var until: Moment?
    @Option(help: "only those behind this cursor, the `next` of a list or the last id of a tail") var after: String?

    /// The filter as the client takes it.
    func filter(now: Instant) -> APIClient.EventFilter {
        var filter = APIClient.EventFilter(
            kinds: Self.list(kind), doors: Self.list(door), organization: organization)
        filter.since = since?.instant(before: now)
        filter.until = until?.instant(before: now)
        return filter
    }

    /// What stands between commas.
    static func list(_ text: String?) -> [String] {
        text.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
}

/// A point in time as people say it: `2h` for two hours ago, or a time by ISO 8601, in UTC where it has no zone.
enum Moment: Hashable {
    case ago(TimeSpan)
    case at(Instant)

    /// Reads an argument, as the `transform` of an option.
    ///
    /// - Throws: a sentence that says what is taken and why this is not.
    static func told(_ argument: String) throws -> Moment {
        if let span = TimeSpan(argument: argument) { return .ago(span) }
        do {
            return .at(try TimeText(argument).time.instant)
        } catch {
            throw ValidationError(
                "it takes how long ago, as in 2h, or a time as 2026-03-11T08:15:30Z (ISO 8601): \(error.sentence)")
        }
    }

    /// Reads an argument as the end of a span of time: a date alone is that whole day.
    static func toldEnd(_ argument: String) throws -> Moment {
        guard let time = try? TimeText(argument), time.isDateAlone else { return try told(argument) }
        return .at(time.spanEnd)
    }

    /// The instant that is meant.
    func instant(before now: Instant) -> Instant {
        switch self {
        case .ago(let span): now - span.duration
        case .at(let instant): instant
        }
    }
}
