/** What delivering a callback needs of whoever sends it: one try, and what came of it. */

/** Sends one signed callback, once. */
export interface CallbackSender {
  send(callback: {
    readonly url: string;
    readonly id: string;
    readonly body: string;
    readonly secrets: readonly string[];
    readonly at: number;
  }): Promise<CallbackResult>;
}
export type CallbackResult =
  | { readonly kind: "delivered"; readonly status: number }
  | {
      readonly kind: "retry";
      readonly why: string;
      readonly after: number | null;
      /** The receiver's answer, where there was one. */
      readonly status?: number | undefined;
    }
  | { readonly kind: "gone" }
  /** There is nothing this receiver could be told, in words for the operator. */
  | { readonly kind: "untellable"; readonly why: string };
