/** Density in (0, 1] that each round trains at; round 0 is the dense network. */
export interface Schedule {
  (round: number): number
  /** Number of rounds, the dense one included; left out when the schedule goes on for ever. */
  readonly rounds?: number
}
