//! Islands: the only code that is compiled to WebAssembly, with its own small serde types.
