// Data, and points of parameters.

const X: [f64; 5] = [0.5, -1.25, 2.0, 0.75, -0.5];
const Y: [f64; 5] = [1.0, 0.25, -0.5, 1.5, 2.25];
const K: [usize; 5] = [0, 2, 1, 2, 0];

/// Points of both signs, so that every branch is taken somewhere, none of them near a kink.
const POINTS: [[f64; 6]; 4] = [
    [0.3, 1.2, 0.5, -0.7, 1.5, 0.2],
    [-0.8, 0.4, -1.1, 0.6, -0.3, 1.7],
    [1.4, -0.6, 2.1, 0.9, 0.8, 0.35],
    [0.7, 0.1, -0.4, -0.2, -1.6, -0.9],
];
