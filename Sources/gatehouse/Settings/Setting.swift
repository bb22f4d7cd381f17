import GatehouseCore
import GatehouseDelivery
import GatehouseGateway
import Logging

/// One setting: its key, the place of its value, its meaning. The flag, the variable and the YAML key follow from the
/// key.
struct Setting: Sendable {
    /// The place of a value in the settings.
    typealias Place<Value> = any WritableKeyPath<Settings, Value> & Sendable

    /// The sort of its value, and the place of the value.
    enum Sort: Sendable {
        case text(Place<String>)
        /// An address or a name of this machine.
        case host(Place<String>)
        case url(Place<String?>)
        case file(Place<String?>)
        case target(Place<TargetURL?>)
        case proxy(Place<EgressProxy?>)
        case integer(Place<Int>, ClosedRange<Int>)
        case optionalInteger(Place<Int?>, ClosedRange<Int>)
        case duration(Place<Duration>, ClosedRange<Duration>)
        case level(Place<Logger.Level>)
        case format(Place<Settings.LogFormat>)
        case ranges(Place<[AddressRange]>)
        case secret(Place<Secret?>, shortest: Int)
        case signingSecret(Place<Secret?>)
    }

    /// The key in the YAML file; dots mean nesting: `bounds.eventBytes`.
    let key: String
    /// The sort of its value.
    let sort: Sort
    /// Its meaning, in a few words.
    let meaning: String
    /// The reason for its default, or when to change it.
    let reason: String

    /// The key's parts.
    var components: [String] { key.split(separator: ".").map(String.init) }

    /// The variable that sets it: `GATEHOUSE_BOUNDS_EVENT_BYTES`.
    var variable: String { "GATEHOUSE_" + words.joined(separator: "_").uppercased() }

    /// The flag that sets it, without its dashes; nil for a secret, because every user of the machine can see a command
    /// line.
    var flag: String? { isSecret ? nil : words.joined(separator: "-") }

    /// Whether its value must stay hidden.
    var isSecret: Bool {
        switch sort {
        case .secret, .signingSecret: true
        case .text, .host, .url, .file, .target, .proxy, .integer, .optionalInteger, .duration, .level, .format,
            .ranges:
            false
        }
    }

    /// Whether it takes several values.
    var isList: Bool {
        if case .ranges = sort { true } else { false }
    }

    /// The key's words in lower case: `bounds`, `event`, `bytes`.
    private var words: [String] {
        components.flatMap { component in
            component.reduce(into: [""]) { words, letter in
                if letter.isUppercase { words.append("") }
                words[words.count - 1] += letter.lowercased()
            }
        }
    }
}

// MARK: - Values

extension Setting {
    /// The value in some settings, spelled as it is set; nil if there is none.
    func value(in settings: Settings) -> String? {
        switch sort {
        case .text(let place), .host(let place): settings[keyPath: place]
        case .url(let place), .file(let place): settings[keyPath: place]
        case .target(let place): settings[keyPath: place]?.description
        case .proxy(let place): settings[keyPath: place]?.description
        case .integer(let place, _): String(settings[keyPath: place])
        case .optionalInteger(let place, _): settings[keyPath: place].map { String($0) }
        case .duration(let place, _): TimeSpan(settings[keyPath: place]).description
        case .level(let place): settings[keyPath: place].rawValue
        case .format(let place): settings[keyPath: place].rawValue
        case .ranges(let place): settings[keyPath: place].map(\.description).joined(separator: ",")
        case .secret(let place, _), .signingSecret(let place): settings[keyPath: place].map { "\($0)" }
        }
    }

    /// Sets the values; one for every sort but lists. Returns what is wrong with them, nil if nothing is wrong.
    func set(_ values: [String], in settings: inout Settings) -> String? {
        let value = values.first ?? ""
        if value.isEmpty, !isList { return "it is empty: leave it out, or give it a value" }
        switch sort {
        case .text(let place): settings[keyPath: place] = value
        case .host(let place):
            if let flaw = HostText.flaw(in: value) { return flaw }
            settings[keyPath: place] = value
        case .file(let place): settings[keyPath: place] = value
        case .url(let place): return set(url: value, at: place, in: &settings)
        case .target(let place): return set(target: value, at: place, in: &settings)
        case .proxy(let place):
            do throws(EgressProxy.Flaw) {
                settings[keyPath: place] = try EgressProxy(reading: value)
            } catch {
                return
                    "\(error.sentence) (such as http://proxy.example:3128 or http://user:password@proxy.example:3128)"
            }
        case .integer(let place, let range):
            guard let number = Int(value), range.contains(number) else { return Self.refusal(of: value, range) }
            settings[keyPath: place] = number
        case .optionalInteger(let place, let range):
            guard let number = Int(value), range.contains(number) else { return Self.refusal(of: value, range) }
            settings[keyPath: place] = number
        case .duration(let place, let range):
            guard let span = TimeSpan(argument: value) else {
                return "'\(value)' is not a time: write \(TimeSpan.sentence)"
            }
            guard range.contains(span.duration) else {
                return "'\(value)' is not between \(TimeSpan(range.lowerBound)) and \(TimeSpan(range.upperBound))"
            }
            settings[keyPath: place] = span.duration
        case .level(let place): return set(word: value, at: place, in: &settings)
        case .format(let place): return set(word: value, at: place, in: &settings)
        case .ranges(let place): return set(ranges: values, at: place, in: &settings)
        case .secret(let place, let shortest):
            guard value.count >= shortest else {
                return "it has \(value.count) characters; it needs at least \(shortest)"
            }
            settings[keyPath: place] = Secret(value)
        case .signingSecret(let place):
            guard StandardWebhooks(secret: Secret(value)) != nil else {
                return "it takes whsec_ and the base64 of 24 to 64 bytes"
            }
            settings[keyPath: place] = Secret(value)
        }
        return nil
    }

    private static func refusal(of value: String, _ range: ClosedRange<Int>) -> String {
        "'\(value)' is not a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    private func set<Word: RawRepresentable<String> & CaseIterable>(
        word: String, at place: Place<Word>, in settings: inout Settings
    ) -> String? {
        guard let value = Word(rawValue: word) else {
            let known = Word.allCases.map(\.rawValue)
            return "'\(word)' is none of \(known.joined(separator: ", "))\(Nearest.hint(for: word, among: known))"
        }
        settings[keyPath: place] = value
        return nil
    }

    /// Removes the slash at the end, because paths are appended.
    private func set(url: String, at place: Place<String?>, in settings: inout Settings) -> String? {
        do throws(TargetURL.Flaw) {
            let target = try TargetURL(reading: url)
            guard !url.contains("?") else { return "'\(url)' is not taken: remove the query" }
            settings[keyPath: place] = String(target.text.reversed().drop { $0 == "/" }.reversed())
            return nil
        } catch {
            return "'\(url)' is not taken: \(error.sentence)"
        }
    }

    /// The message does not contain the value, which may hold a token.
    private func set(target: String, at place: Place<TargetURL?>, in settings: inout Settings) -> String? {
        do throws(TargetURL.Flaw) {
            settings[keyPath: place] = try TargetURL(reading: target)
            return nil
        } catch {
            return error.sentence
        }
    }

    private func set(ranges: [String], at place: Place<[AddressRange]>, in settings: inout Settings) -> String? {
        var faults: [String] = []
        settings[keyPath: place] = ranges.filter { !$0.isEmpty }.compactMap { text in
            do throws(AddressRange.ParseError) {
                return try AddressRange(text)
            } catch {
                faults.append("\(error)")
                return nil
            }
        }
        return faults.isEmpty ? nil : faults.joined(separator: "; ")
    }
}
