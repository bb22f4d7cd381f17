public import ArgumentParser
public import GatehouseCore
public import GatehouseVerification

// Words of other rooms that flags take as they are spelled there.

extension Role: ExpressibleByArgument {}
extension DeliveryState.Name: ExpressibleByArgument {}
extension DeliverySelection.State: ExpressibleByArgument {}
extension VerificationDialect: ExpressibleByArgument {}
