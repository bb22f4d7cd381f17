/// The name of an operation of a store. A ``StoreGate`` gets it with each call, and it is the label `op` of
/// `gatehouse_store_seconds`.
///
/// A call of a store's protocol passes the gate once. A call that reads outside the writer before it writes passes
/// twice.
public enum StoreOperation: String, CaseIterable, Sendable {
    // MARK: Audit

    /// Lists lines of the audit.
    case readAudit
    /// Writes audit entries about actions that change nothing in the store.
    case noteAudit
    /// Reads links of the audit's chain.
    case proveAudit

    // MARK: Commands

    /// Looks for a door command by its repetition key.
    case readCommand
    /// Lists door commands without an end whose gateway has ended.
    case readLostCommands

    // MARK: Deliveries

    /// Leases deliveries that are due.
    case claimDue
    /// Stores the results of attempts.
    case record
    /// Lists what an incarnation has leased.
    case readLeases
    /// Lists when subscriptions are next due.
    case readDue
    /// Makes one delivery due.
    case retryDelivery
    /// Cancels one delivery.
    case cancelDelivery

    // MARK: Lists

    /// Lists deliveries.
    case listDeliveries
    /// Reads what lists show of deliveries.
    case readOutlines
    /// Reads one delivery and its attempts.
    case readDelivery
    /// Counts the owed deliveries.
    case readBacklog
    /// Writes a mark, to check that the store is writable.
    case checkReady

    // MARK: Directory

    /// Reads organizations, panels and doors.
    case readDirectory
    /// Reads all keys.
    case readKeys
    /// Reads all triggers.
    case readTriggers
    /// Writes a change of the directory, a key, a trigger or a command.
    case applyChange

    // MARK: Erasures

    /// Begins an erasure.
    case beginErasure
    /// Lists erasures.
    case readErasures
    /// Reads one erasure.
    case readErasure
    /// Erases a person from the next slice of events.
    case advanceErasure

    // MARK: Events

    /// Writes events and the deliveries that they owe.
    case append
    /// Reads one event.
    case readEvent
    /// Reads or gives numbers for ids.
    case giveNumbers
    /// Reads a slice of the feed.
    case readFeed

    // MARK: Health

    /// Reads the health of subscriptions.
    case readHealth
    /// Lists changes of health that need an event.
    case readHealthNews
    /// Writes the events about health.
    case tellHealth
    /// Counts alarms that a contract cannot express.
    case readUntold
    /// Reads when a receiver last accepted a delivery of a subscription.
    case readLastSuccess

    // MARK: Incarnations

    /// Begins a run of a gateway.
    case beginIncarnation
    /// Renews the sign of life of a gateway.
    case beat
    /// Reads which gateway leads.
    case readLeader
    /// Ends a run.
    case endIncarnation
    /// Frees the deliveries that dead gateways leased.
    case rescueOrphaned

    // MARK: Integrations

    /// Reads all integrations.
    case readIntegrations
    /// Adds a subscription that founds or joins an integration.
    case addIntegration
    /// Writes the secrets of an integration and of its subscriptions.
    case rotateSecrets

    // MARK: Keys

    /// Reads when keys were used.
    case readKeyUses
    /// Writes when keys were used.
    case keepKeyUses
    /// Adds a login.
    case addSession
    /// Looks for a login.
    case readSession
    /// Ends a login.
    case removeSession
    /// Reads the keys that tokens are signed with.
    case readTokenKeys
    /// Adds such a key.
    case addTokenKey
    /// Removes old ones.
    case removeTokenKeys

    // MARK: Odometers

    /// Reads the counts of each subscription.
    case readOdometers
    /// Adds counted deliveries to the sums.
    case foldOdometers

    // MARK: Replays

    /// Begins a replay.
    case beginReplay
    /// Lists replays.
    case readReplays
    /// Reads one replay.
    case readReplay
    /// Lists running replays.
    case readRunningReplays
    /// Writes the next slice of a replay.
    case advanceReplay
    /// Cancels a replay.
    case cancelReplay

    // MARK: Retention

    /// Removes data whose time is over.
    case prune

    // MARK: Selections

    /// Makes the waiting deliveries of a subscription due earlier.
    case bringForward
    /// Counts the deliveries of a selection.
    case countSelection
    /// Moves the next slice of a selection.
    case moveSelection

    // MARK: Subscriptions

    /// Reads all subscriptions.
    case readSubscriptions
    /// Adds a subscription without an integration.
    case addSubscription
    /// Changes a subscription.
    case changeSubscription
    /// Deletes a subscription.
    case deleteSubscription
}
