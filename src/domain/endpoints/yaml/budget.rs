//! What a document may cost, counted with its aliases written out, and the error that ends its reading.

use super::{super::syntax, Limits};

/// Why reading ends before the document does.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Stop {
    pub(super) fn too_deep(depth: usize) -> Self {
        Self { code: "too_deep", message: syntax::too_deep(depth) }
    }
}

/// Keys and values, and the bytes of their text.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
}

impl Cost {
    /// Adds to the cost, unless that goes past a limit. Called before anything is built.
    pub(super) fn add(&mut self, more: Self, limits: &Limits) -> Result<(), Stop> {
        self.nodes += more.nodes;
        self.bytes += more.bytes;
        if self.nodes > limits.nodes {
            let nodes = limits.nodes;
            let message = format!("The file has more than {nodes} keys and values with its aliases written out. Make it shorter.");
            return Err(Stop { code: "too_many_nodes", message });
        }
        if self.bytes > limits.bytes {
            let (bytes, mebibytes) = (limits.bytes, limits.bytes / 1024 / 1024);
            let message = format!("With its aliases written out the file has more than {bytes} bytes ({mebibytes} MiB). Make it shorter.");
            return Err(Stop { code: "file_too_large", message });
        }
        Ok(())
    }

    /// What was added since `before`.
    pub(super) const fn since(self, before: Self) -> Self {
        Self { nodes: self.nodes - before.nodes, bytes: self.bytes - before.bytes }
    }
}
