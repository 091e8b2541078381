// Everything an experiment's file may use comes with `import Dept`.
@_exported public import Backbones
@_exported public import Checkpoints
@_exported public import Datasets
@_exported public import Documents
@_exported public import Evaluation
@_exported public import Experiments
@_exported public import NeuralNetworks
@_exported public import Reports
@_exported public import TensorEngine
@_exported public import Tokenization
@_exported public import Training
@_exported public import TuningMethods
