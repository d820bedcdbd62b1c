/** The Slack workspace on loopback, as tests and the demo import it. */
export { type Clock, type MovableClock, movableClock, systemClock } from "./clock.ts";
export type { Delivered, SlackWorkspace, SlackWorkspaceOptions } from "./contract.ts";
export type { Answer, Delivery } from "./deliver.ts";

export type { Fault } from "./faults.ts";
export { LIMITS } from "./limits.ts";
export type { ChannelSeed, User, UserSeed } from "./people.ts";
export { buttonsOn, type SeenButton, wordsOn } from "./reading.ts";
export type { Message, Notice, View } from "./state.ts";
export type { ApiCall } from "./web-api.ts";
export { startSlackWorkspace } from "./workspace.ts";
