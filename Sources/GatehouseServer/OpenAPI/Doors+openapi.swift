internal import GatehouseCore

extension Doors {
    /// The document's part about doors.
    static func subject(of gateway: DescribedGateway) -> Subject {
        Subject(
            "Doors", "What people pass. A door's id is unique in its organization, its number on its panel.",
            schemas: [
                ("Door", .record(Door.fields.answered)), ("DoorPage", .page(of: "Door")),
                ("DoorDraft", .draft(Door.fields.drafted)), ("DoorChange", .change(Door.fields.changed)),
                ("DoorDriver", driver(gateway.drivers)), ("DoorCommand", .record(command)),
            ],
            operations: operations)
    }

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/doors",               "addDoor",    "Makes a door at a panel").takes("DoorDraft", sent).makes("Door", garage).fails(.unknownPanel, .ambiguous, .notBuilt, .conflict),
        .get   ("/v1/doors",               "listDoors",  "Lists the doors that the key reaches").answers("DoorPage", lobby.page),
        .get   ("/v1/doors/{door}",        "showDoor",   "Shows a door").saying("What is secret of its driver is shown as •••, unless a manager asks for it by `reveal=true`.").answers("Door", lobby),
        .patch ("/v1/doors/{door}",        "changeDoor", "Changes a door").takes("DoorChange", changed).answers("Door", lobby.with(changed)).fails(.notBuilt, .conflict),
        .delete("/v1/doors/{door}",        "removeDoor", "Deletes a door").saying("Its events stay; subscriptions that name it hear of no more."),
        .post  ("/v1/doors/{door}/unlock", "unlockDoor", "Tells a door to open, once").saying(unlocking).reads("Idempotency-Key").answers("DoorCommand", opened).fails(.doorRefused, .repeatedCommand, .doorUnsupported, .doorUnanswered),
    ]

    private static let unlocking = """
        The wish is written down before the door hears of it, and it is never repeated by itself: after 504 the door \
        may have opened all the same. The event `door.unlock_commanded` tells what came of it.
        """

    private static func driver(_ drivers: DriverTable) -> Schema {
        .record([
            .must("type", .word(drivers.names), "The driver."),
            .mayNull(
                "timeout", .integer(DriverTable.timeouts).byDefault(.integer(DriverTable.defaultTimeout)),
                "How long the door has to answer, in milliseconds."),
            .mayNull(
                "answer", .word(["opened", "refused", "none"]),
                "What a simulated door answers; opened where it is left out."),
        ])
        .saying("How a door is told to open: the driver, and its settings.")
    }

    // swift-format-ignore
    private static let command: [Property] = [
        .must("id",           .text(), "Names the command."),
        .must("organization", .id,     "The door's organization."),
        .must("door",         .id,     "The door."),
        .must("outcome",      .word([CommandOutcome.Result.opened.rawValue]), "What the door answered."),
        .must("event",        .uuid,   "The event that tells of it."),
    ]

    private static let lobby = JSON(
        sample: """
            {"id":"lobby","organization":"acme","panel":"1070000","number":1,"name":"Lobby","attendance":false,
             "driver":{"type":"simulated"}}
            """)
    private static let garage = JSON(
        sample: """
            {"id":"garage","organization":"acme","panel":"1070000","number":2,"name":"Garage","attendance":false,
             "driver":null}
            """)
    private static let sent = JSON(sample: #"{"id":"garage","panel":"1070000","number":2,"name":"Garage"}"#)
    private static let changed = JSON(sample: #"{"driver":{"type":"simulated","answer":"opened"}}"#)
    private static let opened = JSON(
        sample: """
            {"id":"cmd_5b2e8f1d0c4a7396","organization":"acme","door":"lobby","outcome":"opened",
             "event":"019cdc2f-1c2d-7abc-8def-0123456789ab"}
            """)
}
