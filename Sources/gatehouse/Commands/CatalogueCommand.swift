import ArgumentParser
import GatehouseCore
import GatehouseDialects
import GatehouseServer

/// `gatehouse catalogue`: every kind with its name in every dialect. It needs no gateway.
struct CatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "List every kind of event, and its name in each dialect.",
        discussion: """
            This command needs no gateway. A dash means that the dialect's contract has no word for the kind; --json \
            gives the reason. The column "told by" has the lowest role whose keys may post the kind; only the \
            gateway raises its own kinds.

            gatehouse catalogue
            gatehouse catalogue --dialect standard
            """)

    @Option(
        help: ArgumentHelp("only this dialect: \(Dialects.all.map(\.name.text).joined(separator: ", "))"),
        completion: Completable.dialects)
    var dialect: String?
    @Flag(help: "print JSON for programs instead of a table for people")
    var json = false

    func validate() throws {
        guard let dialect else { return }
        let known = Dialects.all.map(\.name.text)
        guard known.contains(dialect) else {
            let hint = Nearest.hint(for: dialect, among: known)
            throw ValidationError("there is no dialect '\(dialect)'\(hint) There are: \(known.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let chosen = Dialects.all.filter { dialect == nil || $0.name.text == dialect }
        if json {
            Descriptor.output.write(Kinds.page(of: DialectTable(chosen)).compact + "\n")
        } else {
            Descriptor.output.write(Self.table(of: chosen).text(width: Descriptor.output.width))
        }
    }

    /// One row for each kind, one column for each dialect.
    static func table(of dialects: [any Dialect]) -> TextTable {
        var table = TextTable(["kind", "lane", "told by"] + dialects.map(\.name.text) + ["meaning"])
        for row in Catalogue.rows {
            let names = dialects.map { dialect in
                switch dialect.vocabulary.entries[row.kind] {
                case .named(let names): names.map(\.text).joined(separator: " | ")
                case .silent, nil: "–"
                }
            }
            table.add([row.name, row.lane.name, row.teller.rawValue] + names + [row.meaning])
        }
        return table
    }
}
