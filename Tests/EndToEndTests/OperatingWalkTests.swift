import Foundation
import Testing

/// The commands of docs/operating.md, unchanged, as root, on a machine of their own: its users, programs and data are
/// mounted over this machine's in the walk's namespace alone.
@Suite struct OperatingWalkTests {
    /// The files that are mounted over the machine, and the work of systemd: start and stop the command of the unit as
    /// its user.
    private static func preparation() throws -> String {
        let unit = try Unit("deploy/gatehouse.service")
        let backup = try Unit("deploy/gatehouse-backup.service")
        let own = "env -i PATH=/usr/local/bin:/usr/bin:/bin"
        let nightly = backup.commands.map { "\(own) \(backup.environment) \(backup.asItsUser($0))" }
        return """
            mkdir -p over/bin over/lib over/backups over/run && cp -a /etc over/etc && mkdir -p over/etc/systemd/system
            mount --bind over/etc /etc && mount --bind over/bin /usr/local/bin && mount --bind over/lib /var/lib
            mount --bind over/backups /var/backups && mount --bind over/run /run
            here=$PWD
            unit_start() {
              install -D -m 400 -o gatehouse -g gatehouse /etc/gatehouse/gatehouse.yaml \\
                /run/credentials/gatehouse.service/gatehouse.yaml
              install -d -m 700 -o gatehouse -g gatehouse /var/lib/gatehouse
              (cd /var/lib/gatehouse && umask 0077 && exec \(own) \(unit.asItsUser(unit.commands[0]))) \\
                >> "$here/unit.log" 2>&1 &
              unit=$!
            }
            unit_stop() { kill -TERM "$unit" && wait "$unit"; }
            unit_backup() {
              while [ -e "/var/backups/gatehouse/$(date +%F-%H%M%S).db" ]; do sleep 0.1; done
              \(nightly.joined(separator: "\n  "))
            }
            """
    }

    /// The replacement of a block that calls systemd.
    private static let systemd = [
        "systemctl daemon-reload\nsystemctl enable --now gatehouse\n": "unit_start",
        "systemctl start gatehouse\n": "unit_start", "systemctl stop gatehouse\n": "unit_stop",
        "systemctl restart gatehouse\n": "unit_stop; unit_start",
        "systemctl enable --now gatehouse-backup.timer\n": "unit_backup",
    ]

    /// Operators paste a section months after the one before, in a new shell, and the upgrade again and again. So no
    /// block may use a variable of another section.
    private static func twiceUpgraded(_ blocks: [String]) -> [String] {
        let alone = blocks.map { "unset GATEHOUSE_STORE backup; cd \"$here\"\n" + $0 }
        guard let upgrade = alone.firstIndex(where: { $0.contains("gatehouse.new") }) else { return alone }
        let another = "while [ -e \"/var/backups/gatehouse/before-upgrade-$(date +%F-%H%M%S).db\" ]; do sleep 0.1; done"
        return alone[...(upgrade + 2)] + [another] + alone[upgrade...]
    }

    @Test(.enabled(if: getuid() == 0, "the page is for root"), .timeLimit(.minutes(5)))
    func everyProcedureRunsAsItStands() async throws {
        let page = try Page("docs/operating.md")
        let blocks = Self.twiceUpgraded(PageTests.commands(page).map { Self.systemd[$0.text] ?? $0.text })
        #expect(blocks.count > 12 && !blocks.contains { $0.contains("systemctl") })
        let walk = try Walk()
        try await walk.start(blocks, before: try Self.preparation())
        do {
            try await eventually(within: .seconds(180), "the walk comes to its end") {
                walk.isWalked || !walk.isRunning
            }
        } catch {
            Issue.record("\(error)")
        }
        let log = (try? String(contentsOf: walk.folder.appending(path: "unit.log"), encoding: .utf8)) ?? ""
        #expect(walk.isWalked && walk.failures.isEmpty, "\(walk.failures)\n\(walk.text)\n\(log.suffix(3_000))")
        // Install, restore, two upgrades, downgrade: the gateway answers after each, with what was there.
        #expect(walk.text.components(separatedBy: "nothing needs attention").count == 6, "\(walk.text)")
        #expect(walk.text.matches(of: /sound +yes/).count == 7, "\(walk.text)")
        #expect(log.matches(of: /(?m)^listening on/).count == 5, "\(log)")
        let backups = walk.folder.appending(path: "over/backups/gatehouse").path
        let files = try FileManager.default.contentsOfDirectory(atPath: backups)
        #expect(files.count == 4 && files.allSatisfy { $0.hasSuffix(".db") }, "\(files)")
        for file in files {
            let found = try FileManager.default.attributesOfItem(atPath: backups + "/" + file)
            #expect(found[.posixPermissions] as? Int == 0o600 && found[.ownerAccountID] as? Int != 0)
        }
        let stores = try FileManager.default.contentsOfDirectory(atPath: walk.folder.path + "/over/lib/gatehouse")
        #expect(stores.count { $0.contains(".before-") && !$0.contains("-wal") && !$0.contains("-shm") } == 2)
        await walk.end()
    }
}

/// A unit of systemd, as far as a shell can do its work.
struct Unit {
    private let lines: [Substring]

    init(_ path: String) throws {
        lines = try String(contentsOf: Page.root.appending(path: path), encoding: .utf8).split(separator: "\n")
    }

    /// The values of a key, in their order.
    func values(_ key: String) -> [String] {
        lines.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// What it starts, with systemd's own marks filled in.
    var commands: [String] {
        values("ExecStart").map {
            $0.split(separator: "%%", omittingEmptySubsequences: false).map {
                $0.replacing("%d", with: "/run/credentials/gatehouse.service").replacing("%S", with: "/var/lib")
            }.joined(separator: "%")
        }
    }

    /// The variables that it sets.
    var environment: String { values("Environment").joined(separator: " ") }

    /// A command run as the unit's user, with no more rights than the unit gives.
    func asItsUser(_ command: String) -> String {
        let (user, group) = (values("User").first ?? "", values("Group").first ?? "")
        return "setpriv --reuid \(user) --regid \(group) --clear-groups --no-new-privs --inh-caps=-all "
            + "--bounding-set=-all \(command)"
    }
}
