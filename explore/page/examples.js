// Error functions to begin with, each with a window and a start that show something.

const DECAY = `x,y
0.0,2.01
0.5,1.42
1.0,1.12
1.5,0.79
2.0,0.61
2.5,0.42
3.0,0.33
4.0,0.17
5.0,0.12
`;

export const EXAMPLES = [
  {
    name: "Rosenbrock’s valley",
    formula: "(1 - x)^2 + 100*(y - x^2)^2",
    ranges: [[-2, 2], [-1, 3]],
    at: [-1.2, 1],
    methods: ["trust-region", "gradient-descent"],
  },
  {
    name: "Himmelblau: four minima",
    formula: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    ranges: [[-6, 6], [-6, 6]],
    at: [0.4, -1.8],
    methods: ["trust-region", "limited-memory"],
  },
  {
    name: "Six-hump camel",
    formula: "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + 4*(y^2 - 1)*y^2",
    ranges: [[-2.2, 2.2], [-1.3, 1.3]],
    at: [1.2, 0.9],
    methods: ["trust-region"],
  },
  {
    name: "Decay, fitted to data",
    formula: "sum(i, (y[i] - a*exp(-b*x[i]))^2)",
    data: DECAY,
    ranges: [[0, 4], [0, 2]],
    at: [3.2, 1.6],
    methods: ["least-squares"],
  },
  {
    name: "Monkey saddle",
    formula: "x^3 - 3*x*y^2",
    ranges: [[-1.5, 1.5], [-1.5, 1.5]],
    at: [0, 0],
    methods: [],
  },
  {
    name: "Rosenbrock in four parameters",
    formula: "param w[4]\nE = sum(i in 0..3, (1 - w[i])^2 + 100*(w[i+1] - w[i]^2)^2)",
    ranges: [[-2, 2], [-2, 2], [-2, 2], [-2, 2]],
    at: [-0.5, 0.5, 0.5, 0.5],
    methods: ["trust-region"],
  },
];
