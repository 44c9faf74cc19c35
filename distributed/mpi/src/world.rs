//! The processes, and what they tell each other.

use hesse_runtime::blocks::Communicator;
use mpi::datatype::PartitionMut;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{
    Communicator as _, CommunicatorCollectives as _, Destination as _, Root as _, Source as _,
};

/// All processes of a run.
pub struct World(SimpleCommunicator);

impl World {
    /// The processes of a communicator of MPI.
    pub fn new(communicator: SimpleCommunicator) -> World {
        World(communicator)
    }

    /// Whether this is the rank that speaks.
    pub fn is_first(&self) -> bool {
        self.rank() == 0
    }

    /// The texts of all ranks, in their order, on every rank.
    pub fn gather(&self, own: &str) -> Vec<String> {
        // One byte more, for the address of an empty text is one that MPI takes for an order.
        let own = format!("{own}\n").into_bytes();
        let mut lengths = vec![0usize; self.ranks()];
        self.0.all_gather_into(&own.len(), &mut lengths[..]);
        let counts: Vec<i32> =
            lengths.iter().map(|&length| i32::try_from(length).unwrap_or(i32::MAX)).collect();
        let starts: Vec<i32> =
            counts.iter().scan(0, |next, count| Some(std::mem::replace(next, *next + count))).collect();
        let mut bytes = vec![0u8; lengths.iter().sum()];
        let mut partition = PartitionMut::new(&mut bytes[..], &counts[..], &starts[..]);
        self.0.all_gather_varcount_into(&own[..], &mut partition);
        let mut rest = &bytes[..];
        let text = |length: &usize| {
            let (own, others) = rest.split_at(*length);
            rest = others;
            String::from_utf8_lossy(own.strip_suffix(b"\n").unwrap_or(own)).into_owned()
        };
        lengths.iter().map(text).collect()
    }

    /// The text that the first rank makes, on every rank.
    ///
    /// # Errors
    /// Where the first rank fails, on every rank.
    pub fn broadcast_text(&self, make: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
        let made = if self.is_first() { make() } else { Ok(String::new()) };
        let made = self.agree(made)?;
        Ok(self.gather(&made).swap_remove(0))
    }

    /// The result of every rank where all succeeded, or else the failure of the first that did not, on every rank: so
    /// none waits for one that has given up.
    ///
    /// # Errors
    /// Where a rank failed.
    pub fn agree<T>(&self, own: Result<T, String>) -> Result<T, String> {
        let complaint = own.as_ref().err().map_or("", String::as_str);
        match self.gather(complaint).into_iter().find(|complaint| !complaint.is_empty()) {
            Some(complaint) => Err(complaint),
            None => own,
        }
    }

    fn at(&self, rank: usize) -> mpi::topology::Process<'_> {
        self.0.process_at_rank(i32::try_from(rank).unwrap_or(i32::MAX))
    }
}

impl Communicator for World {
    fn rank(&self) -> usize {
        usize::try_from(self.0.rank()).unwrap_or(0)
    }

    fn ranks(&self) -> usize {
        usize::try_from(self.0.size()).unwrap_or(1)
    }

    fn send(&self, to: usize, numbers: &[f64]) {
        self.at(to).send(numbers);
    }

    fn receive(&self, from: usize, numbers: &mut [f64]) {
        self.at(from).receive_into(numbers);
    }

    fn broadcast(&self, numbers: &mut [f64]) {
        self.at(0).broadcast_into(numbers);
    }
}
