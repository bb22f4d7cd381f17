import GatehouseClient
import GatehouseCore
import GatehouseGateway
import GatehouseServer
import GatehouseStores
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Explains in a sentence why a gateway did not start, or why it ended.
enum StartError {
    /// The error for the operator.
    static func failure(of error: any Error, _ settings: GatewaySettings) -> CommandError {
        switch error {
        case let failure as CommandError: failure
        case let error as GatehouseError: CommandError(error)
        case let error as StoreError: failure(of: error)
        case let error as Stores.UnknownStore: CommandError(.configuration, "store: \(error)")
        case let error as ServerIdentity.LoadError: CommandError(.configuration, "tls: \(error)")
        case is IOError, is SocketAddressError.UnknownHost:
            listening(error, on: settings.server.host, settings.server.port)
        case is CancellationError: CommandError(.software, "the gateway was interrupted")
        default: CommandError(.software, "the gateway ended: \(type(of: error)); see its log")
        }
    }

    private static func failure(of error: StoreError) -> CommandError {
        switch error {
        case .unavailable(let sentence): CommandError(.unavailable, sentence)
        case .corrupt(let sentence): CommandError(.data, sentence)
        case .overloaded, .conflict, .urlTaken, .missing, .fenced:
            CommandError(.unavailable, "the store could not be opened: \(error)")
        }
    }

    /// The error of a program that cannot listen at this address, and whose flags are `--host` and `--port`.
    static func listening(_ error: any Error, on host: String, _ port: Int) -> CommandError {
        guard let error = error as? IOError else {
            return CommandError(
                .configuration,
                "the host \(host) has no known address: set an address of this machine with --host, such as "
                    + "127.0.0.1, or 0.0.0.0 for all of them")
        }
        switch error.errnoCode {
        case EADDRINUSE:
            return CommandError(
                .unavailable,
                "port \(port) on \(host) is taken by another program: stop it, or choose another with --port")
        case EACCES:
            return CommandError(
                .permission, "this user may not listen on port \(port): choose one above 1023 with --port")
        case EADDRNOTAVAIL:
            return CommandError(.configuration, "this machine has no address \(host): choose another with --host")
        default:
            return CommandError(
                .unavailable,
                "nothing can listen on \(host), port \(port): \(String(cString: strerror(error.errnoCode))); choose "
                    + "others with --host and --port")
        }
    }
}
