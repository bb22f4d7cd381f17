extension Identifier<Organization> {
    /// Where the operator's subscription stands: above all trees. No organization can have this name, so no event comes
    /// from there, and what is owed there is put there on purpose.
    public static var operators: OrganizationID { OrganizationID("") }
}
