import ArgumentParser
import Configuration
import GatehouseCore
import Hummingbird

@main struct Gatehouse: AsyncParsableCommand { func run() async {} }
