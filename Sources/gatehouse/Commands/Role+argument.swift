public import ArgumentParser
public import GatehouseCore
public import GatehouseVerification

// Values of other modules that flags take in the same spelling.

extension Role: ExpressibleByArgument {}
extension DeliveryState.Name: ExpressibleByArgument {}
extension DeliverySelection.State: ExpressibleByArgument {}
extension VerificationDialect: ExpressibleByArgument {}
