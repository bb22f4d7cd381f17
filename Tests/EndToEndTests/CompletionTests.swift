import Foundation
import Testing

/// The scripts of `gatehouse completions` in the real shells. If a shell is missing this fails: `make test` installs
/// them.
@Suite struct CompletionTests {
    /// The typed words, and the shell's completion.
    private static let cases = [
        ("gatehouse delive", "deliveries"), ("gatehouse keys create panel --role repo", "reporter"),
        ("gatehouse deliveries list --state cancell", "cancelled"),
        ("gatehouse catalogue --dialect prodata", "prodatakey"),
        ("gatehouse listen --dialect oneup", "oneupvision"),
        ("gatehouse send door.forced_", "door.forced_cleared"),
        ("gatehouse events list --kind panic.ra", "panic.raised"),
        ("gatehouse subscriptions rot", "rotate-secret"), ("gatehouse completions fi", "fish"),
        ("gatehouse events tail --organiz", "--organization"),
    ]

    /// A folder with the script of a shell, gone afterwards.
    private func withScript(for shell: String, _ test: (_ folder: URL, _ script: String) async throws -> Void)
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "completions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = try await run(GatewayProcess.built("gatehouse").path, ["completions", shell])
        try #require(script.code == 0 && script.output.count > 1_000)
        let file = folder.appending(path: "script")
        try script.output.write(to: file, atomically: true, encoding: .utf8)
        try await test(folder, file.path)
    }

    @Test func bashCompletes() async throws {
        let ask = #"""
            source "$1"
            line=$2
            read -ra COMP_WORDS <<< "$line"
            COMP_LINE=$line COMP_POINT=${#line} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            "$(complete -p gatehouse | sed -n 's/.*-F \([^ ]*\) .*/\1/p')" gatehouse \
              "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\n' "${COMPREPLY[@]}"
            """#
        try await withScript(for: "bash") { _, script in
            for (line, wanted) in Self.cases {
                let answer = try await run("bash", ["--norc", "-c", ask, "ask", script, line])
                #expect(answer.code == 0 && Self.words(answer.output) == [wanted], "\(line): \(answer.output)")
            }
        }
    }

    @Test func fishCompletes() async throws {
        try await withScript(for: "fish") { _, script in
            for (line, wanted) in Self.cases {
                let answer = try await run(
                    "fish", ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line])
                let offered = answer.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
                #expect(answer.code == 0 && offered.contains { $0 == wanted }, "\(line): \(answer.output)")
            }
        }
    }

    /// zsh completes only in a terminal: it gets one of its own, the line, a tab and the return key.
    @Test func zshCompletes() async throws {
        let ask = #"""
            zmodload zsh/zpty
            zpty typing zsh -f -i
            prepare="cd $1; autoload -Uz compinit; compinit -u -d $1/dump; source $2"
            # Spelled so that the echo of this line is not taken for its result.
            zpty -w typing "$prepare; gatehouse() { print -r \"go\"t:\$*\":en\"d }"
            zpty -w -n typing "$3"$'\t\n'
            zpty -r typing heard '*got:*:end*'
            print -r -- ${${heard##*got:}%%:end*}
            zpty -d typing
            """#
        try await withScript(for: "zsh") { folder, script in
            for (line, wanted) in Self.cases {
                let answer = try await run("timeout", ["30", "zsh", "-f", "-c", ask, "ask", folder.path, script, line])
                #expect(answer.code == 0 && Self.words(answer.output).last == wanted, "\(line): \(answer.output)")
            }
        }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }
}
