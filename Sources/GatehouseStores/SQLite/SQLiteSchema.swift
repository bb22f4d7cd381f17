internal import GRDB

/// The tables, step by step in the order of their development. A released step is never changed.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 the first house") { try $0.execute(sql: first) }
        migrator.registerMigration("0002 numbers") { try $0.execute(sql: numbers) }
        migrator.registerMigration("0003 token keys") { try $0.execute(sql: tokenKeys) }
        migrator.registerMigration("0004 owners") { try $0.execute(sql: owners) }
        migrator.registerMigration("0005 odometers") { try $0.execute(sql: odometers) }
        migrator.registerMigration("0006 sessions") { try $0.execute(sql: sessions) }
        migrator.registerMigration("0007 commands") { try $0.execute(sql: commands) }
        migrator.registerMigration("0008 triggers") { try $0.execute(sql: triggers) }
        migrator.registerMigration("0009 feed") { try $0.execute(sql: feed) }
        migrator.registerMigration("0010 bounds of keys") { try $0.execute(sql: boundsOfKeys) }
        migrator.registerMigration("0011 audit") { try $0.execute(sql: audit) }
        migrator.registerMigration("0012 retention") { try $0.execute(sql: retention) }
        migrator.registerMigration("0013 replays") { try $0.execute(sql: replays) }
        migrator.registerMigration("0014 login names") { try $0.execute(sql: loginNames) }
        migrator.registerMigration("0015 bound sources") { try $0.execute(sql: boundSources) }
        migrator.registerMigration("0016 health") { try $0.execute(sql: health) }
        migrator.registerMigration("0017 integrations") { try $0.execute(sql: integrations) }
        migrator.registerMigration("0018 the audit's end") { try $0.execute(sql: auditEnd) }
        migrator.registerMigration("0019 levels of triggers") { try $0.execute(sql: levelsOfTriggers) }
        migrator.registerMigration(SchemaMove.stepBefore) { try $0.execute(sql: untold) }
        migrator.registerMigration(SchemaMove.step) { try SchemaMove(database: $0).finish() }
        return migrator
    }

    /// Times are microseconds since 1970. `deliveries.state`: 0 waiting, 1 leased, 2 delivered, 3 dead, 4 cancelled.
    ///
    /// The partial indexes contain only open deliveries, so that a long history does not slow a claim; they contain
    /// the state so that counting reads no row. `attempts.lease` is in the key because two gateways may have made the
    /// same attempt. `pulse` is written to test whether the store can be written.
    private static let first = """
        CREATE TABLE organizations (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT REFERENCES organizations (id), timeZone TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE panels (
            organization TEXT NOT NULL REFERENCES organizations (id), id TEXT NOT NULL, name TEXT NOT NULL,
            number INTEGER, timeZone TEXT, PRIMARY KEY (organization, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE doors (
            organization TEXT NOT NULL, id TEXT NOT NULL, panel TEXT NOT NULL, number INTEGER NOT NULL,
            name TEXT NOT NULL, attendance INTEGER NOT NULL, PRIMARY KEY (organization, id),
            UNIQUE (organization, panel, number), FOREIGN KEY (organization, panel) REFERENCES panels (organization, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, organization TEXT, hash BLOB NOT NULL,
            created INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE subscriptions (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, terms BLOB NOT NULL,
            hold TEXT NOT NULL, revision INTEGER NOT NULL, created INTEGER NOT NULL, deleted INTEGER
        ) STRICT;
        CREATE TABLE incarnations (
            number INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, beat INTEGER NOT NULL, ended INTEGER
        ) STRICT;
        CREATE TABLE pulse (beats INTEGER NOT NULL) STRICT;
        INSERT INTO pulse (beats) VALUES (0);
        CREATE TABLE events (
            position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, organization TEXT NOT NULL, source TEXT NOT NULL,
            sourceID TEXT NOT NULL, digest BLOB NOT NULL, kind TEXT NOT NULL, received INTEGER NOT NULL,
            body BLOB NOT NULL, UNIQUE (organization, source, sourceID)
        ) STRICT;
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL, subscription INTEGER NOT NULL, lane INTEGER NOT NULL,
            state INTEGER NOT NULL, due INTEGER NOT NULL, lease INTEGER, attempts INTEGER NOT NULL, reason TEXT,
            replay INTEGER NOT NULL, created INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX deliveries_waiting ON deliveries (subscription, lane, due, event, state) WHERE state = 0;
        CREATE INDEX deliveries_leased ON deliveries (lease, event, state) WHERE state = 1;
        CREATE INDEX deliveries_dead ON deliveries (state) WHERE state = 3;
        CREATE INDEX deliveries_of_event ON deliveries (event);
        CREATE INDEX deliveries_of_subscription ON deliveries (subscription);
        CREATE TABLE attempts (
            delivery INTEGER NOT NULL, number INTEGER NOT NULL, lease INTEGER NOT NULL, started INTEGER NOT NULL,
            duration INTEGER NOT NULL, outcome TEXT NOT NULL, status INTEGER, note TEXT, excerpt BLOB,
            headers BLOB NOT NULL, PRIMARY KEY (delivery, number, lease)
        ) STRICT, WITHOUT ROWID;
        """

    /// `isOwn`: the id is its own number; other numbers are given in sequence.
    private static let numbers = """
        CREATE TABLE numbers (
            organization TEXT NOT NULL, subject TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,
            isOwn INTEGER NOT NULL, PRIMARY KEY (organization, subject, id), UNIQUE (organization, subject, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// `privateKey` is PEM.
    private static let tokenKeys = """
        CREATE TABLE tokenKeys (
            id TEXT PRIMARY KEY, privateKey TEXT NOT NULL, created INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// `owner` is the person as JSON; `accepted` is when that person first used the key.
    private static let owners = """
        ALTER TABLE keys ADD COLUMN owner TEXT;
        ALTER TABLE keys ADD COLUMN accepted INTEGER;
        """

    /// `odometers.folded` counts the deliveries up to the one in `folds`; later ones are counted at each query.
    private static let odometers = """
        ALTER TABLE subscriptions ADD COLUMN maker TEXT;
        CREATE TABLE odometers (subscription INTEGER PRIMARY KEY, folded INTEGER NOT NULL) STRICT;
        CREATE TABLE folds (delivery INTEGER NOT NULL) STRICT;
        INSERT INTO folds (delivery) VALUES (0);
        """

    /// `keys.login` contains the hashes for comparing a password that came as an MD5.
    private static let sessions = """
        ALTER TABLE keys ADD COLUMN login BLOB;
        CREATE TABLE sessions (
            hash BLOB PRIMARY KEY, key TEXT NOT NULL, expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_ending ON sessions (expires);
        """

    /// `doors.driver` and `commands.user` are JSON. A command without an outcome is running, or was running when its
    /// gateway ended.
    private static let commands = """
        ALTER TABLE doors ADD COLUMN driver TEXT;
        CREATE TABLE commands (
            id TEXT PRIMARY KEY, organization TEXT NOT NULL, door TEXT NOT NULL, asker TEXT NOT NULL,
            user TEXT NOT NULL, repetitionKey TEXT, incarnation INTEGER NOT NULL, begun INTEGER NOT NULL,
            outcome TEXT, reason TEXT, event TEXT, UNIQUE (asker, repetitionKey)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX commands_open ON commands (begun) WHERE outcome IS NULL;
        """

    /// `doors` is a JSON array of ids.
    private static let triggers = """
        CREATE TABLE triggers (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, organization TEXT NOT NULL, hash BLOB NOT NULL,
            created INTEGER NOT NULL, doors TEXT, mayRegister INTEGER NOT NULL, mayUnlock INTEGER NOT NULL,
            doorsEnvelope INTEGER NOT NULL, active INTEGER NOT NULL, rate INTEGER
        ) STRICT, WITHOUT ROWID;
        """

    /// `keys.rate` is requests per minute; `attempts.level` the privacy level of the request.
    private static let boundsOfKeys = """
        ALTER TABLE keys ADD COLUMN privacyLevel INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE keys ADD COLUMN expires INTEGER;
        ALTER TABLE keys ADD COLUMN rate INTEGER;
        ALTER TABLE keys ADD COLUMN lastUsed INTEGER;
        ALTER TABLE attempts ADD COLUMN level INTEGER;
        """

    /// `audit.body` is the entry as JSON; the other columns are for finding it. `auditLinks.hash` covers all entries up
    /// to `last`.
    private static let audit = """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, organization TEXT, body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX audit_of_organization ON audit (organization);
        CREATE TABLE auditLinks (last INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
        """

    /// Both indexes contain the position too, as every index contains the key of its rows: within an organization
    /// events are in the order of their commits.
    private static let feed = """
        CREATE INDEX events_of_organization ON events (organization);
        CREATE INDEX events_by_received ON events (received);
        """

    /// `deliveries.spent` counts the attempts of earlier schedules; the `due` of a dead delivery is the time of its
    /// death. `replays.first` and `last` are the positions between which it reads events; `state`: 0 running, 1
    /// finished, 2 cancelled.
    private static let replays = """
        ALTER TABLE deliveries ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX deliveries_dead_of_subscription ON deliveries (subscription, due) WHERE state = 3;
        CREATE TABLE replays (
            id INTEGER PRIMARY KEY AUTOINCREMENT, subscription INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER,
            kinds TEXT, created INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            reached INTEGER NOT NULL, owed INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT
        ) STRICT;
        CREATE INDEX replays_of_subscription ON replays (subscription);
        CREATE INDEX replays_running ON replays (id) WHERE state = 0;
        """

    /// `keys.login` is something else, and older.
    private static let loginNames = """
        ALTER TABLE keys ADD COLUMN loginName TEXT;
        CREATE UNIQUE INDEX keys_of_login ON keys (loginName) WHERE loginName IS NOT NULL;
        """

    /// The progress of pruning, see ``Watermarks``; and the erasures of persons. `organizations` is a JSON array.
    private static let retention = """
        CREATE TABLE marks (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO marks (name, number) VALUES ('events', 0), ('audit', 0);
        CREATE INDEX commands_by_begun ON commands (begun);
        CREATE TABLE erasures (
            number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, organization TEXT NOT NULL,
            organizations TEXT NOT NULL, isDryRun INTEGER NOT NULL, begun INTEGER NOT NULL, upTo INTEGER NOT NULL,
            reached INTEGER NOT NULL, events INTEGER NOT NULL, ended INTEGER
        ) STRICT;
        CREATE INDEX erasures_of_person ON erasures (person, organization);
        CREATE INDEX erasures_open ON erasures (number) WHERE ended IS NULL;
        """

    /// `keys.panels` and `keys.sources` are JSON arrays of texts; null means no restriction.
    private static let boundSources = """
        ALTER TABLE keys ADD COLUMN panels TEXT;
        ALTER TABLE keys ADD COLUMN sources TEXT;
        """

    /// A trigger that was created without a level keeps its behaviour: its subscriptions have the dialect's default.
    private static let levelsOfTriggers = """
        ALTER TABLE triggers ADD COLUMN privacyLevel INTEGER NOT NULL DEFAULT 0;
        """

    /// `deliveries_oldest` and `deliveries_oldest_dead` find the oldest event with a waiting or dead delivery, and
    /// count by lane, without reading a row. `health.watched`: a report is pending, or a failure was reported.
    /// `crossed`: a report of failure is pending; `told`: it was reported, at `toldAt`. `untold` normal deliveries died
    /// since `deathsToldAt`, the last of them `lastDead`; urgent ones have a row each in `deaths` until they are
    /// reported.
    private static let health = """
        CREATE INDEX deliveries_oldest ON deliveries (subscription, lane, event) WHERE state = 0;
        CREATE INDEX deliveries_oldest_dead ON deliveries (subscription, lane, event) WHERE state = 3;
        CREATE TABLE health (
            subscription INTEGER PRIMARY KEY, failures INTEGER NOT NULL, since INTEGER, crossed INTEGER NOT NULL,
            told INTEGER NOT NULL, toldAt INTEGER, delivered INTEGER, outcome TEXT, status INTEGER,
            untold INTEGER NOT NULL, lastDead INTEGER, deathsToldAt INTEGER, ended INTEGER NOT NULL,
            dropped INTEGER NOT NULL, cancelled INTEGER NOT NULL, watched INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX health_watched ON health (subscription) WHERE watched = 1;
        CREATE TABLE deaths (delivery INTEGER PRIMARY KEY, subscription INTEGER NOT NULL) STRICT;
        CREATE INDEX deaths_of_subscription ON deaths (subscription);
        """

    /// What the subscriptions of an organization share, in the one contract that shares anything: `id` is null if it
    /// was given before ids were stored, `outgoing` is JSON. An organization that ever had a subscription keeps its id,
    /// and the secret of its oldest subscription; each subscription keeps its own secret until the next rotation.
    /// Subscriptions that got events of the organizations below under the id of the one above get only their own from
    /// now on.
    private static let integrations = """
        CREATE TABLE integrations (
            organization TEXT NOT NULL, dialect TEXT NOT NULL, id TEXT, secret TEXT NOT NULL, outgoing TEXT,
            revision INTEGER NOT NULL, PRIMARY KEY (organization, dialect)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE subscriptions ADD COLUMN integration TEXT;
        INSERT OR IGNORE INTO integrations (organization, dialect, id, secret, outgoing, revision)
            SELECT organization, 'oneupvision', NULL, json_extract(CAST(terms AS TEXT), '$.secret'),
                json_extract(CAST(terms AS TEXT), '$.outgoing'), 1
            FROM subscriptions
            WHERE json_extract(CAST(terms AS TEXT), '$.dialect') = 'oneupvision'
                AND json_extract(CAST(terms AS TEXT), '$.secret') IS NOT NULL
            ORDER BY deleted IS NOT NULL, number;
        UPDATE subscriptions SET terms = CAST(json_set(CAST(terms AS TEXT), '$.scope', 'this') AS BLOB)
            WHERE json_extract(CAST(terms AS TEXT), '$.dialect') = 'oneupvision'
                AND json_extract(CAST(terms AS TEXT), '$.scope') = 'recursive';
        """

    /// `auditEnd` has one row: a copy of the last link, and its last entry. `auditExempt` lists resources that exist
    /// without an entry that says who created them: all such resources at the time of this step, and those created by
    /// an entry that is no longer kept. `organization` is empty if the id is unique in the whole store.
    private static let auditEnd = """
        CREATE TABLE auditEnd (number INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
        INSERT INTO auditEnd (number, hash)
            SELECT last, hash FROM (SELECT last, hash FROM auditLinks UNION ALL SELECT 0, zeroblob(32))
            ORDER BY last DESC LIMIT 1;
        CREATE TABLE auditExempt (
            sort TEXT NOT NULL, organization TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (sort, organization, id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO auditExempt (sort, organization, id)
            SELECT 'organization', '', id FROM organizations
            UNION SELECT 'panel', organization, id FROM panels
            UNION SELECT 'door', organization, id FROM doors
            UNION SELECT 'key', '', id FROM keys
            UNION SELECT 'trigger', '', id FROM triggers
            UNION SELECT 'subscription', '', id FROM subscriptions WHERE deleted IS NULL
            EXCEPT SELECT json_extract(told, '$.subject'),
                CASE WHEN json_extract(told, '$.subject') IN ('panel', 'door') THEN coalesce(place, '') ELSE '' END,
                json_extract(told, '$.id')
            FROM (
                SELECT CASE WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT) ELSE '{}' END AS told,
                    organization AS place
                FROM audit
            )
            WHERE json_extract(told, '$.deed') = 'add';
        """

    /// Urgent events that a subscription asked for and could not get: by kind and by the hour since 1970. `lacking` is
    /// a JSON array of the contract's keys, for the last event.
    private static let untold = """
        CREATE TABLE untold (
            subscription INTEGER NOT NULL, kind TEXT NOT NULL, hour INTEGER NOT NULL, lacking TEXT NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (subscription, kind, hour)
        ) STRICT, WITHOUT ROWID;
        """
}
