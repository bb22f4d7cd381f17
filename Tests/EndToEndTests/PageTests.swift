import Foundation
import Testing

/// The tests run everything that the pages tell a reader to type.
@Suite(.serialized) struct PageTests {
    /// Blocks of commands that no walk runs, by a part of their text, with the reason.
    private static let exceptions = [
        ("README.md", "make run", "the two set-up commands: they build for release, and run this test"),
        ("docs/operating.md", "docker run", "needs a container engine: make prove runs the steps of the file"),
    ]

    /// Languages of blocks that are no commands, and what is held true of them elsewhere.
    private static let others = [
        "": "drawings and tables",
        "json": "bodies; the golden files of the dialects are compared with the vendors' own",
        "mermaid": "drawings",
        "swift":
            "docs/client-library.md's is compiled and run by ClientExampleTests, the others are parts of a file",
    ]

    /// The pages that one walk runs, in this order: the others use what the README's commands have made.
    private static let story = [
        "README.md", "docs/reading-events.md", "docs/client-library.md", "docs/vendors.md", "docs/command-line.md",
        "docs/retention.md",
    ]

    /// The commands of the story's pages, in the order in which a reader comes to them.
    static func storyCommands() throws -> [String] {
        try story.flatMap { commands(try Page($0)).map(\.text) }
    }

    static func commands(_ page: Page) -> [Page.Block] {
        page.blocks.filter { block in
            block.language == "sh" && !exceptions.contains { $0.0 == page.path && block.text.contains($0.1) }
        }
    }

    @Test func everyBlockIsRunOrNamedWithAReason() throws {
        let walked = Self.story + ["docs/operating.md"]
        let pages = try Page.all()
        #expect(Set(pages.map(\.path)).isSuperset(of: walked))
        for page in pages {
            for block in page.blocks where Self.others[block.language] == nil {
                let isRun = block.language == "sh" && (walked.contains(page.path) || Self.commands(page).isEmpty)
                let isPython = block.language == "python" && page.path == "README.md"
                let isFile = ["yaml", "ini"].contains(block.language)
                #expect(isRun || isPython || isFile, "\(page.path), \(block.heading): a \(block.language) block")
            }
        }
        for (path, part, _) in Self.exceptions {
            #expect(pages.contains { $0.path == path && $0.blocks.contains { $0.text.contains(part) } }, "\(part)")
        }
    }

    /// A program in the background does not listen at once; on a fast machine the walk would not show that.
    @Test func everyReceiverInTheBackgroundIsWaitedFor() throws {
        var count = 0
        for page in try Page.all() {
            for block in page.blocks where block.language == "sh" {
                let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
                for (line, next) in zip(lines, lines.dropFirst()) where line.contains("gatehouse listen") {
                    guard line.hasSuffix("&"), let port = line.firstMatch(of: /--port ([0-9]+)/) else { continue }
                    count += 1
                    #expect(next == "gatehouse wait \(port.1)", "\(page.path), \(block.heading)")
                }
            }
        }
        #expect(count > 5)
    }

    /// Texts in the output of the walk, and how often at least.
    private static let told: [(pattern: String, times: Int, what: String)] = [
        (#""deliveries":1,"duplicate":false"#, 1, "the event of a panel is taken"),
        (#"verified  access\.granted +lobby"#, 4, "badges arrive as our own contract has them"),
        (#"verified  access\.granted +lobby .*duplicate"#, 1, "what is replayed has the id of the first time"),
        (#"outcome +accepted"#, 1, "a test of a subscription is taken"),
        (#"data: ?\{.*"type":"access\.granted""#, 1, "the stream tells the event"),
        (#"verified  access\.granted .*door\.request\.allowed"#, 2, "badges arrive as ProdataKey's"),
        (#"Status: Delivered"#, 1, "BAS-IP's test arrives"),
        (#"verified  access\.granted +–"#, 2, "badges arrive as BAS-IP's"),
        (#"verified  access\.granted +1070000:1 +[0-9a-f]{8}-"#, 2, "badges arrive as Situator's"),
        (#""punch_type":"IN""#, 1, "the passage arrives as a punch"),
        (#"HTTP/1\.1 201"#, 1, "a secret URL subscribes"),
        (#"HTTP/1\.1 200"#, 1, "a secret URL unlocks"),
        (#"[1-9][0-9]* events mention 31; nothing"#, 1, "what an erasure would blank is counted"),
        (#"31 is blanked in [1-9]"#, 1, "a person is blanked"),
    ]

    @Test func everyBlockOfTheReadmeAndItsPagesRunsAsItStands() async throws {
        let walk = try Walk()
        let blocks = try Self.storyCommands()
        #expect(blocks.count > 12)
        #expect(blocks.first?.contains("gatehouse serve") == true, "what runs in the first terminal comes first")
        try await walk.start(blocks, inBackground: [0])
        do {
            try await eventually(within: .seconds(120), "the walk comes to its end") {
                walk.isWalked || !walk.isRunning
            }
            try await eventually(within: .seconds(20), "everything has arrived") { Self.missing(in: walk.text).isEmpty }
        } catch {
            Issue.record("\(error): \(Self.missing(in: walk.text))\n\(walk.text)\n\(walk.aside(0))")
        }
        // curl ends with 28 if it was told to stop listening to a stream after some seconds.
        let failures = walk.failures.filter { !($0.contains("failed with 28") && $0.contains("--max-time")) }
        #expect(failures.isEmpty, "\(failures)\n\(walk.text)")
        #expect(!walk.text.contains("/problems/") && !walk.text.contains("refused with 401"), "\(walk.text)")
        await walk.end()
    }

    private static func missing(in text: String) -> [String] {
        told.filter { row in
            guard let pattern = try? Regex(row.pattern) else { return true }
            return text.matches(of: pattern).count < row.times
        }.map(\.what)
    }

    /// The receivers' function of the README, tested with a request that OpenSSL signed.
    @Test func thePythonOfTheReadmeVerifies() async throws {
        let block = try #require(try Page("README.md").blocks.first { $0.language == "python" })
        let check = #"""

            import subprocess, sys
            key = b"0123456789abcdef0123456789abcdef"
            secret = "whsec_" + base64.b64encode(key).decode()
            body, now = b'{"id":"1"}', str(int(time.time()))
            command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + key.hex(), "-binary"]
            signed = subprocess.run(command, input=b"msg_1." + now.encode() + b"." + body, capture_output=True).stdout
            headers = {"webhook-id": "msg_1", "webhook-timestamp": now,
                       "webhook-signature": "v1,AAAA v1," + base64.b64encode(signed).decode()}
            late = dict(headers, **{"webhook-timestamp": str(int(now) - 301)})
            right = (is_genuine(secret, headers, body), is_genuine(secret, headers, body + b" "),
                     is_genuine(secret, late, body), is_genuine("whsec_" + "A" * 44, headers, body))
            sys.exit(0 if right == (True, False, False, False) else str(right))
            """#
        let told = try await run("python3", ["-c", block.text + check])
        #expect(told.code == 0, "\(told.output)")
    }
}
