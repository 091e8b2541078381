public import ArgumentParser
public import Backbones
public import Training

extension TrainingSchedule.Order: ExpressibleByArgument {}
extension TrainingSchedule.Decoding: ExpressibleByArgument {}
extension TrainingSchedule.Precision: ExpressibleByArgument {}
extension Truncation: ExpressibleByArgument {}
