import GatehouseCore
import GatehouseVerification

/// One receiver of the demo: it speaks one dialect, and knows how that dialect's body names the event.
struct DemoReceiver: Sendable {
    /// The dialect of its subscription.
    let dialect: DialectName
    /// How its deliveries are verified.
    let verification: VerificationDialect
    /// Which event a verified body tells of.
    let name: @Sendable (VerifiedEvent) -> Scoreboard.EventName?

    /// What it is called in the table.
    var title: String { dialect.text }

    /// One row a dialect.
    static let all = [
        DemoReceiver(dialect: DialectName("standard"), verification: .standard) { event in
            (try? JSONParser.parse(event.body)).flatMap(Scoreboard.EventName.init)
        }
    ]
}
