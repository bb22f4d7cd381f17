import Testing

/// The style of the project as a test: each rule over every file. `make check` runs these alone.
@Suite struct TidyTests {
    @Test func thereIsSomethingToRead() {
        #expect(Project.here.swift.count > 50)
        #expect(Project.here.texts.contains { $0.path == "README.md" })
    }

    @Test func noLineIsWiderThan120Columns() { check(SizeRules.wideLines) }

    @Test func noFileIsLongerThan500Lines() { check(SizeRules.longFile) }

    @Test func noFunctionIsLongerThan70Lines() { check(SizeRules.longFunctions) }

    @Test func noFileHidesFromTheFormatter() { check(SizeRules.unformattedFile) }

    @Test func vendorsWordsStayInVendorsFolders() { check(WordRules.vendorWords) }

    @Test func textIsPlain() {
        check(PlainWordRules.literals)
        report(Project.here.texts.flatMap(PlainWordRules.documents))
    }

    @Test func commentsAndTestNamesArePlain() { check(PlainWordRules.prose) }

    @Test func proofsAreComparedInConstantTime() {
        check(SecretRules.hastyComparisons)
        for exception in SecretRules.exceptions {
            #expect(Project.here.paths.contains(exception.path), "\(exception.path) has no exception to need")
        }
    }

    @Test func nothingIsPutOff() { check(WordRules.markers) }

    @Test func nothingEndsTheProcessOnAMistake() { check(WordRules.trapdoors) }

    @Test func nothingIsUnwrappedByForce() { check(WordRules.forcedUnwraps) }

    @Test func onlyCommandsPrint() { check(WordRules.prints) }

    @Test func noPathOfAMachineIsWrittenDown() {
        let here = Project.here
        report((here.swift + here.texts).flatMap { WordRules.machinePaths($0, neighbours: here.neighbours) })
    }

    @Test func everyRoomImportsOnlyWhatItMayKnow() { check(ImportRules.strangers) }

    @Test func theTableOfRoomsSaysWhatTheyImport() throws {
        let page = try #require(Project.here.texts.first { $0.path == "ARCHITECTURE.md" })
        report(ImportTable(in: page).findings(Project.here.swift))
    }

    @Test func everyFileIsNamedForItsMainType() { check(NameRules.strayFile) }

    @Test func everyNameSaysSomething() { check(NameRules.emptyNames) }

    @Test func everyVendorFolderIsComplete() {
        let registry = Project.here.swift.first { $0.path == VendorFolderRules.registry }
        #expect(!VendorFolderRules.vendors(in: Project.here.paths).isEmpty)
        report(VendorFolderRules.incomplete(Project.here.paths, registry: registry))
    }

    @Test func noDialectRemembersAnything() { check(VendorFolderRules.memory) }

    @Test func coreComputesAndNothingElse() { check(PureRules.impurities) }

    @Test func onlyPublishedModulesArePublic() throws {
        let manifest = try #require(Project.here.texts.first { $0.path == "Package.swift" })
        #expect(AccessRules.libraries(in: manifest) == AccessRules.products)
        check(AccessRules.published)
    }

    @Test func typesForOtherModulesAreDocumented() { check(AccessRules.undocumented) }

    private func check(_ rule: (SourceFile) -> [Finding]) {
        report(Project.here.swift.flatMap(rule))
    }

    private func report(_ findings: [Finding]) {
        for finding in findings {
            let place = SourceLocation(
                fileID: "tidy/\(finding.path)", filePath: finding.path, line: finding.line, column: 1)
            Issue.record("\(finding)", sourceLocation: place)
        }
    }
}
