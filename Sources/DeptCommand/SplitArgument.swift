public import ArgumentParser
public import Datasets

/// Splits are named on the command line as they are in files.
extension Split: ExpressibleByArgument {}
