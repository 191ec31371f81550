//! Rules on tiny networks: sound, and with one thing wrong.
