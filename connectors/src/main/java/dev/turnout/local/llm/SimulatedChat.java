package dev.turnout.local.llm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An answer in the forms of OpenAI's chat-completions API.
 *
 * @param id of the answer
 * @param model that made it
 * @param text of the answer; each word is a token
 * @param promptTokens tokens of the prompt
 */
public record SimulatedChat(String id, String model, String text, long promptTokens) {

  /** Letters of a token, about. */
  private static final int LETTERS_PER_TOKEN = 4;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern WORD = Pattern.compile("\\S+\\s*+");
  private static final long CREATED = 1_764_000_000;

  /** An answer to a prompt of so many characters. */
  public static SimulatedChat of(String id, String model, String text, long promptLetters) {
    return new SimulatedChat(id, model, text, Math.max(1, promptLetters / LETTERS_PER_TOKEN));
  }

  static int words(String text) {
    return (int) WORD.matcher(text).results().count();
  }

  /** Tokens of the answer. */
  public long completionTokens() {
    return words(text);
  }

  /** The whole answer, of the type {@code chat.completion}. */
  public String response() {
    ObjectNode whole = envelope("chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text);
    choice.put("finish_reason", "stop");
    addUsage(whole);
    return whole.toString();
  }

  /** The answer word by word, of the type {@code chat.completion.chunk}. */
  public List<String> words() {
    List<String> pieces = new ArrayList<>();
    // written by hand: a benchmark makes tens of thousands a second
    String head =
        "{\"id\":"
            + JSON.getNodeFactory().textNode(id)
            + ",\"object\":\"chat.completion.chunk\",\"created\":"
            + CREATED
            + ",\"model\":"
            + JSON.getNodeFactory().textNode(model)
            + ",\"choices\":[{\"index\":0,\"delta\":{";
    WORD.matcher(text)
        .results()
        .forEach(
            word ->
                pieces.add(
                    head
                        + (pieces.isEmpty() ? "\"role\":\"assistant\"," : "")
                        + "\"content\":"
                        + JSON.getNodeFactory().textNode(word.group())
                        + "},\"finish_reason\":null}]}"));
    return pieces;
  }

  /** What comes after the words: why it ended, and what it took. */
  public List<String> end() {
    ObjectNode last = envelope("chat.completion.chunk");
    ObjectNode choice = last.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta");
    choice.put("finish_reason", "stop");
    ObjectNode counts = envelope("chat.completion.chunk");
    counts.putArray("choices");
    addUsage(counts);
    return List.of(last.toString(), counts.toString());
  }

  /** A call of a tool as a whole answer. */
  String toolCall(SimulatedAnswer.ToolCall call) {
    ObjectNode whole = envelope("chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant").putNull("content");
    addCall(message, call);
    choice.put("finish_reason", "tool_calls");
    addUsage(whole);
    return whole.toString();
  }

  /** A call of a tool in pieces. */
  List<String> toolCallPieces(SimulatedAnswer.ToolCall call) {
    ObjectNode piece = envelope("chat.completion.chunk");
    ObjectNode choice = piece.putArray("choices").addObject().put("index", 0);
    ObjectNode delta = choice.putObject("delta").put("role", "assistant").putNull("content");
    addCall(delta, call);
    choice.putNull("finish_reason");
    List<String> end = end();
    return List.of(piece.toString(), end.get(0).replace("\"stop\"", "\"tool_calls\""), end.get(1));
  }

  private void addCall(ObjectNode message, SimulatedAnswer.ToolCall call) {
    message
        .putArray("tool_calls")
        .addObject()
        .put("index", 0)
        .put("id", "call_" + id)
        .put("type", "function")
        .putObject("function")
        .put("name", call.name())
        .put("arguments", call.arguments());
  }

  private ObjectNode envelope(String type) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", type)
        .put("created", CREATED)
        .put("model", model);
  }

  private void addUsage(ObjectNode into) {
    into.putObject("usage")
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens())
        .put("total_tokens", promptTokens + completionTokens());
  }
}
