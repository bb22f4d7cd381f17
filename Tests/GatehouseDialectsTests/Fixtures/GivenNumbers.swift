internal import GatehouseCore

/// Gives numbers by the store's rule, for one organization.
final class GivenNumbers {
    private var numbers: [Numbers.Name: Int64] = [:]
    private var taken: [Numbers.Subject: Set<Int64>] = [:]
    private var position: Int64 = 0

    /// The event as the store returns it.
    func number(_ event: Event) -> Event {
        position += 1
        var given = Numbers()
        given.position = position
        for name in event.names { given[name.subject] = number(of: name) }
        given.people = event.listedNames.map { $0.map { number(of: $0) } ?? 0 }
        return event.numbered(given)
    }

    private func number(of name: Numbers.Name) -> Int64 {
        if let known = numbers[name] { return known }
        var number = name.ownNumber ?? name.subject.firstGiven
        while taken[name.subject, default: []].contains(number) { number = max(number + 1, name.subject.firstGiven) }
        taken[name.subject, default: []].insert(number)
        numbers[name] = number
        return number
    }
}
