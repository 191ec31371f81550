//! One direction of a line: a queue for every priority, one packet in transmission, never interrupted.

use std::collections::VecDeque;

use super::Line;

/// A packet on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet {
    pub(super) flow: usize,
    /// Position on the route of its flow.
    pub(super) hop: usize,
    pub(super) bits: f64,
    /// When it left its source, s.
    pub(super) born: f64,
    /// When it came to this line, s.
    pub(super) came: f64,
    /// When its transmission on this line began, s.
    pub(super) began: f64,
    /// Waited so far on all lines, s.
    pub(super) waited: f64,
    /// Whether it counts.
    pub(super) counts: bool,
}

/// A line with its state.
#[derive(Debug)]
pub(super) struct Server<'a> {
    line: &'a Line,
    queues: Vec<VecDeque<Packet>>,
    busy: Option<Packet>,
    /// Transmitted, on the way to the next line.
    pub(super) crossing: VecDeque<Packet>,
}

impl<'a> Server<'a> {
    pub(super) fn new(line: &'a Line, priorities: usize) -> Self {
        Self {
            line,
            queues: vec![VecDeque::new(); priorities],
            busy: None,
            crossing: VecDeque::new(),
        }
    }

    /// Takes a packet in; the time when its transmission ends if that begins now, or `Err` if no place is left.
    pub(super) fn take(&mut self, packet: Packet, priority: usize) -> Result<Option<f64>, Packet> {
        if self.busy.is_none() {
            return Ok(Some(self.begin(packet, packet.came)));
        }
        let queue = &mut self.queues[priority];
        let places = self.line.places.map(|places| places as usize);
        if places.is_some_and(|places| queue.len() + 1 >= places) {
            return Err(packet);
        }
        queue.push_back(packet);
        Ok(None)
    }

    /// Ends the transmission at `now`: the packet that leaves, and when the next one will.
    pub(super) fn end(&mut self, now: f64) -> (Option<Packet>, Option<f64>) {
        let done = self.busy.take();
        let next = self.queues.iter_mut().find_map(VecDeque::pop_front);
        (done, next.map(|packet| self.begin(packet, now)))
    }

    fn begin(&mut self, mut packet: Packet, now: f64) -> f64 {
        packet.began = now;
        packet.waited += now - packet.came;
        self.busy = Some(packet);
        now + packet.bits / self.line.rate
    }
}
