internal import GatehouseCore

/// A door that does not exist: it answers as its settings say, so that integrators can try every answer without a
/// building. `{"type": "simulated", "answer": "opened"}`
struct SimulatedDriver: DoorDriver {
    let name = "simulated"
    let secretSettings: Set<String> = []

    private static let answers: [String: CommandOutcome.Result] = [
        "opened": .opened, "refused": .refused, "none": .unanswered,
    ]

    func faults(in settings: JSONObject) -> [ValidationError] {
        var faults: [ValidationError] = []
        for member in settings.members where !["type", "timeout", "answer"].contains(member.key) {
            faults.append(
                ValidationError(
                    .unknownField, field: "driver.\(member.key)",
                    "the driver simulated has the settings answer and timeout"))
        }
        if let answer = settings["answer"], Self.answers[answer.text ?? ""] == nil {
            faults.append(
                ValidationError(.outOfBounds, field: "driver.answer", "driver.answer is one of opened, refused, none"))
        }
        return faults
    }

    func unlock(_ door: Door, settings: JSONObject) async -> CommandOutcome {
        switch Self.answers[settings["answer"]?.text ?? "opened"] {
        case .refused: return CommandOutcome(.refused, "the simulated door refuses, as its settings say")
        case .unanswered:
            // For longer than any caller waits: the caller cancels it.
            try? await Task.sleep(for: .seconds(3600))
            return CommandOutcome(.unanswered, "the simulated door gives no answer, as its settings say")
        default: return CommandOutcome(.opened)
        }
    }
}
