package dev.turnout.gateway.traffic;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces of one query's answer are heard.
 *
 * <p>A request may be answered by more than one call: its worker died in the midst of an answer and
 * another asks the LLM again, or a worker lost its lock and two ask at once. Each call makes pieces
 * of its own, which differ in general, also of the same LLM. What holds at all times:
 *
 * <ul>
 *   <li><b>All that is heard is of one call</b>, the first whose first piece arrived. A call whose
 *       beginning is missing is not heard at all, so what is heard is always a beginning.
 *   <li><b>In order, each once, none left out.</b> Pieces that came before are dropped; after a gap
 *       nothing more of the call is heard.
 *   <li><b>An answer ends well only if it was heard whole, or not at all</b>: the outcome says
 *       which call it is of and how many pieces that made. Of nothing heard, the outcome itself
 *       holds the answer; anything between is {@linkplain #broken broken}, since what was heard may
 *       contradict what is kept.
 * </ul>
 *
 * <p>Not safe for use by several threads.
 */
final class AnswerPieces {

  private @Nullable String call;
  private int next;
  private boolean gap;

  /** What is to be heard of a reply with pieces; empty when nothing is. */
  List<String> take(Reply reply) {
    int first = reply.getSequence();
    if (call == null && first == 0) {
      call = reply.getCall();
    }
    if (!reply.getCall().equals(call) || gap) {
      return List.of();
    }
    if (first > next) {
      gap = true;
      return List.of();
    }
    List<String> pieces = reply.getChunks();
    int known = next - first;
    if (known >= pieces.size()) {
      return List.of();
    }
    next += pieces.size() - known;
    return known == 0 ? pieces : pieces.subList(known, pieces.size());
  }

  /**
   * Why an answer does not end well, in words; null when it does. What failed ends as it is.
   *
   * @param end with the outcome
   */
  @Nullable String broken(Reply end, Outcome outcome) {
    if (call == null || outcome.getStatus() != OutcomeStatus.SUCCEEDED) {
      return null;
    }
    if (!call.equals(end.getCall())) {
      return "the answer broke off after "
          + next
          + " pieces, and the LLM was asked again; its whole answer to query "
          + outcome.getQueryId()
          + " can be fetched by that id";
    }
    return next == end.getSequence() && !gap
        ? null
        : "of the answer's "
            + end.getSequence()
            + " pieces "
            + next
            + " arrived; the whole answer to query "
            + outcome.getQueryId()
            + " can be fetched by that id";
  }
}
