import GatehouseCore
import GatehouseTesting
import Testing

/// The rules that the table of every noun must follow.
@Suite struct FieldTablesTests {
    private func check<Subject>(_ table: FieldTable<Subject>) {
        let names = table.rows.map(\.name)
        #expect(Set(names).count == names.count, "\(table.noun): a field has two rows")
        for row in table.rows {
            for other in row.places.values {
                #expect(names.contains(other), "\(table.noun).\(row.name) goes before \(other), which has no row")
            }
        }
        for property in table.answered + table.drafted + table.changed {
            let says = property.schema.json["description"] != nil || property.schema.json.compact.contains("$ref")
            #expect(says || property.name == "tls", "\(table.noun).\(property.name) has no sentence")
        }
        #expect(Set(table.names(.creation)) == Set(table.drafted.map(\.name)), "\(table.noun)")
        #expect(Set(table.names(.change)) == Set(table.changed.map(\.name)), "\(table.noun)")
    }

    @Test func everyFieldHasOneRowAndASentence() {
        check(Terms.fields)
        check(Organization.fields)
        check(Panel.fields)
        check(Door.fields)
        check(Key.fields)
        check(Trigger.fields)
    }

    /// A field that is required in stored terms makes every subscription from before it unreadable: no field joins
    /// these.
    @Test func noNewFieldIsRequiredInStoredTerms() {
        let required = Terms.fields.rows.filter { $0.keeping == .always }.map(\.name)
        #expect(
            required.joined(separator: " ")
                == "name url scope settings privacyLevel extraHeaders headers timeout concurrency active")
    }

    /// The orders that were promised to callers.
    @Test func subscriptionKeepsItsOrders() {
        #expect(
            Terms.fields.names(.taken).joined(separator: " ")
                == "name dialect url organization scope kinds doors settings privacyLevel secret standardSignature "
                + "extraHeaders authentication headers tls timeout retries order rate concurrency promise expiresAt "
                + "active")
        #expect(
            Terms.fields.answered.map(\.name).joined(separator: " ")
                == "name dialect url scope kinds doors settings privacyLevel standardSignature standardSecret "
                + "extraHeaders authentication tls headers timeout retries promise concurrency expiresAt active "
                + "warnings outgoingSecretUntil")
    }
}
