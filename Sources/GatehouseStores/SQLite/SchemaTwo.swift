/// The tables of events and deliveries, as SQL.
///
/// The first form of these tables (step 0001 and those that follow) had the position and the numbers inside the body of
/// an event, a number for each delivery, and eight indexes that each event changed. ``SchemaMove`` moves a store.
enum SchemaTwo {
    /// Before the tables of a store are complete, they have this prefix: ``StoreSchema`` ignores them then.
    static let prefix = "moving_"

    /// The tables, with a prefix for each name.
    ///
    /// `organizationNumbers`: organizations that ever had an event, so that keys are short.
    ///
    /// `events`: `position` is the key alone, and nothing in `body` depends on it. `door`: the door at which the event
    /// counts; empty for an alarm at no known door, which counts at every one; null for an event at no door. `numbers`:
    /// those of its names, as JSON. `duress`: whether it counts as `access.duress` too.
    ///
    /// `seen`: the keys that identify a repetition, in the order of the source's ids, which grow: a new key is written
    /// beside the last one.
    ///
    /// `moments`: runs of positions that were accepted in one second. `peak`: whether no earlier run is of a later
    /// second; only then are times in the order of positions.
    ///
    /// `deliveries`: `round` is 0 for what the event owed, and one more for each replay. `state`: 0 waiting, 1 leased,
    /// 2 delivered, 3 dead, 4 cancelled; `due` of a dead one is the time of its death. `tried` and the columns after
    /// it: the first attempt, if the receiver accepted it; other attempts are rows of `attempts`. `stream`: where
    /// order is kept.
    ///
    /// `attempts`: `form` is the form of the header fields, or else `headers` has the fields.
    ///
    /// `formerDeliveries`: the numbers that deliveries had before, so that they are still found by them.
    static func tables(_ prefix: String = "") -> String {
        """
        CREATE TABLE IF NOT EXISTS \(prefix)organizationNumbers (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE IF NOT EXISTS \(prefix)events (
            position INTEGER PRIMARY KEY, organization INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL,
            lane INTEGER NOT NULL, duress INTEGER NOT NULL, received INTEGER NOT NULL, door TEXT, panel TEXT,
            numbers BLOB, body BLOB NOT NULL
        ) STRICT;
        CREATE TABLE IF NOT EXISTS \(prefix)seen (
            organization INTEGER NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
            digest BLOB NOT NULL, PRIMARY KEY (organization, source, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS \(prefix)moments (
            second INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, peak INTEGER NOT NULL,
            PRIMARY KEY (second, first)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS \(prefix)deliveries (
            event INTEGER NOT NULL, subscription INTEGER NOT NULL, round INTEGER NOT NULL, lane INTEGER NOT NULL,
            state INTEGER NOT NULL, due INTEGER NOT NULL, lease INTEGER, attempts INTEGER NOT NULL,
            spent INTEGER NOT NULL, reason TEXT, stream INTEGER, created INTEGER NOT NULL,
            tried INTEGER, started INTEGER, duration INTEGER, status INTEGER, level INTEGER, form INTEGER,
            excerpt BLOB, PRIMARY KEY (event, subscription, round)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS \(prefix)attempts (
            event INTEGER NOT NULL, subscription INTEGER NOT NULL, round INTEGER NOT NULL, number INTEGER NOT NULL,
            lease INTEGER NOT NULL, started INTEGER NOT NULL, duration INTEGER NOT NULL, outcome TEXT NOT NULL,
            status INTEGER, note TEXT, excerpt BLOB, level INTEGER, form INTEGER, headers BLOB,
            PRIMARY KEY (event, subscription, round, number, lease)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS \(prefix)headerForms (number INTEGER PRIMARY KEY, form TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE IF NOT EXISTS \(prefix)formerDeliveries (
            number INTEGER PRIMARY KEY, event INTEGER NOT NULL, subscription INTEGER NOT NULL, round INTEGER NOT NULL
        ) STRICT;
        """
    }

    /// The names of the tables above.
    static let names = [
        "organizationNumbers", "events", "seen", "moments", "deliveries", "attempts", "headerForms",
        "formerDeliveries",
    ]

    /// The indexes. Those of deliveries have the open and the failed ones alone: a delivery that is accepted at its
    /// first attempt changes one of them, `deliveries_leased`. Each index ends with the key of its table.
    static let indexes = """
        CREATE INDEX events_of_organization ON events (organization);
        CREATE INDEX events_of_door ON events (organization, door) WHERE door IS NOT NULL;
        CREATE INDEX formerDeliveries_of_event ON formerDeliveries (event);
        CREATE INDEX moments_back ON moments (last) WHERE peak = 0;
        CREATE INDEX deliveries_waiting ON deliveries (subscription, lane, due) WHERE state = 0;
        CREATE INDEX deliveries_oldest ON deliveries (subscription, lane, event) WHERE state = 0;
        CREATE INDEX deliveries_leased ON deliveries (lease) WHERE state = 1;
        CREATE INDEX deliveries_dead ON deliveries (subscription, due) WHERE state = 3;
        CREATE INDEX deliveries_oldest_dead ON deliveries (subscription, lane, event) WHERE state = 3;
        CREATE INDEX deliveries_open ON deliveries (state, event) WHERE state = 0 OR state = 3 OR state = 4;
        """
}
