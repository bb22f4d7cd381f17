extension Identifier<Organization> {
    /// The organization of the operator's own subscription: above all trees. No organization can have this name, so no
    /// event comes from there, and only deliveries that are meant for the operator are owed there.
    public static var operators: OrganizationID { OrganizationID("") }
}
