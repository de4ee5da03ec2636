//! HTTP and pages: the server half of the console.
