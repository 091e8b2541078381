public import ArgumentParser
public import Training

extension TrainingSchedule.Order: ExpressibleByArgument {}
extension TrainingSchedule.Decoding: ExpressibleByArgument {}
extension TrainingSchedule.Precision: ExpressibleByArgument {}
