package dev.turnout.app.command.llm;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.util.Collection;

/** Whether there is room for an LLM beside the others. */
public final class LlmRoom {

  private LlmRoom() {}

  /**
   * Checks the length of an id, the number of LLMs, and that the requests are the LLM's alone: ids
   * that differ only in what no topic's name may hold would share theirs.
   *
   * @param topic of its requests
   * @param all LLMs, this one among them or not
   * @throws CommandFailure saying what is in the way, and the remedy
   */
  public static void require(String id, String topic, Collection<LlmProfile> all) {
    if (BoundedText.bytes(id) > FieldLimits.LLM_ID) {
      throw new CommandFailure(
          "an LLM's id has at most "
              + FieldLimits.LLM_ID
              + " bytes, this one has "
              + BoundedText.bytes(id)
              + "; choose a shorter one");
    }
    boolean known = all.stream().anyMatch(llm -> llm.getId().equals(id));
    if (all.size() + (known ? 0 : 1) > FieldLimits.LLMS) {
      throw new CommandFailure(
          "there are "
              + FieldLimits.LLMS
              + " LLMs, as many as a decision can rank; retire one before another is added");
    }
    for (LlmProfile other : all) {
      if (!other.getId().equals(id) && other.getTopic().equals(topic)) {
        throw new CommandFailure(
            "LLM "
                + id
                + " would share the request topic "
                + topic
                + " with "
                + other.getId()
                + ", so that each would answer the other's requests; choose another id");
      }
    }
  }
}
