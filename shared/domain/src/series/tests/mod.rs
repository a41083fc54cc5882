//! The rules of series.
