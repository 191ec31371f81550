//! What-if answers in words.
