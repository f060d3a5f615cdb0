package dev.turnout.llm.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of a streamed answer together to what the LLM would have sent whole. Fields that
 * nobody knows are kept by the same rules: texts are joined, lists too, entries that have an index
 * are merged with those of the same index, objects field by field, and of everything else the last
 * counts. Ids, names and types come whole, and some servers repeat them in each piece: the first
 * counts.
 *
 * <p>Bounded: what is kept has at most so many characters. Not thread-safe.
 */
public final class ChatAssembler {

  /** The answer is longer than its limit. */
  public static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLongException(long limit) {
      super("the answer has more than " + limit + " characters");
    }
  }

  private static final Set<String> WHOLE = Set.of("id", "name", "type", "role", "index", "object");
  private static final int COST_OF_FIELD = 8;
  private static final int MOST_CHOICES = 1_000;

  private final long limit;
  private final ObjectNode answer = ChatJson.object();
  private final SortedMap<Integer, ObjectNode> choices = new TreeMap<>();

  /** Texts that grow, by the object that they are a field of: joined once, at the end. */
  private final IdentityHashMap<ObjectNode, Map<String, StringBuilder>> texts =
      new IdentityHashMap<>();

  private long size;

  /**
   * An empty answer.
   *
   * @param limit the most characters that are kept
   */
  public ChatAssembler(long limit) {
    this.limit = limit;
  }

  /**
   * Adds a piece.
   *
   * @param chunk of the type {@code chat.completion.chunk}
   * @throws TooLongException if the answer is longer than its limit
   */
  public void add(ObjectNode chunk) {
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      switch (field.getKey()) {
        case "object" -> {}
        case "choices" -> field.getValue().forEach(this::addChoice);
        default -> {
          if (!field.getValue().isNull() || !answer.has(field.getKey())) {
            charge(COST_OF_FIELD);
            answer.set(field.getKey(), field.getValue());
          }
        }
      }
    }
  }

  private void addChoice(JsonNode piece) {
    if (!(piece instanceof ObjectNode given)) {
      return;
    }
    int index = given.path("index").asInt(0);
    ObjectNode choice = choices.get(index);
    if (choice == null) {
      if (choices.size() >= MOST_CHOICES) {
        throw new TooLongException(limit);
      }
      choice = ChatJson.object().put("index", index);
      choice.putObject("message").put("role", "assistant").putNull("content");
      choices.put(index, choice);
    }
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      switch (field.getKey()) {
        case "index" -> {}
        case "delta" -> {
          if (field.getValue() instanceof ObjectNode delta
              && choice.get("message") instanceof ObjectNode message) {
            merge(message, delta);
          }
        }
        case "finish_reason" -> {
          if (!field.getValue().isNull()) {
            choice.set("finish_reason", field.getValue());
          }
        }
        default -> mergeField(choice, field.getKey(), field.getValue());
      }
    }
  }

  private void merge(ObjectNode into, ObjectNode piece) {
    piece.properties().forEach(field -> mergeField(into, field.getKey(), field.getValue()));
  }

  private void mergeField(ObjectNode into, String name, JsonNode piece) {
    JsonNode before = into.path(name);
    if (piece.isNull()) {
      if (before.isMissingNode()) {
        into.putNull(name);
      }
    } else if (piece.isTextual() && before.isTextual()) {
      boolean keep = WHOLE.contains(name) && !before.textValue().isEmpty();
      if (!keep) {
        charge(piece.textValue().length());
        builder(into, name, before.textValue()).append(piece.textValue());
      }
    } else if (piece instanceof ObjectNode object && before instanceof ObjectNode earlier) {
      merge(earlier, object);
    } else if (piece instanceof ArrayNode array) {
      ArrayNode list = before instanceof ArrayNode earlier ? earlier : into.putArray(name);
      array.forEach(entry -> mergeEntry(list, entry));
    } else {
      charge(weight(piece));
      into.set(name, piece.deepCopy());
    }
  }

  private StringBuilder builder(ObjectNode object, String name, String begun) {
    return texts
        .computeIfAbsent(object, unused -> new HashMap<>())
        .computeIfAbsent(name, unused -> new StringBuilder(begun));
  }

  private void mergeEntry(ArrayNode list, JsonNode entry) {
    ObjectNode same = entry.isObject() ? counterpart(list, entry) : null;
    if (same != null) {
      merge(same, (ObjectNode) entry);
    } else {
      charge(weight(entry));
      list.add(entry.deepCopy());
    }
  }

  /**
   * The entry that a piece goes on with: that of its index. Servers that send no index go on with
   * the last entry as long as they name no other id.
   */
  private static @Nullable ObjectNode counterpart(ArrayNode list, JsonNode piece) {
    if (piece.path("index").isNumber()) {
      for (JsonNode entry : list) {
        if (entry instanceof ObjectNode object
            && entry.path("index").asLong(-1) == piece.path("index").asLong()) {
          return object;
        }
      }
      return null;
    }
    boolean call = piece.path("function").isObject();
    if (call && !list.isEmpty() && list.get(list.size() - 1) instanceof ObjectNode last) {
      String id = ChatJson.text(piece, "id");
      return id == null || id.isEmpty() || id.equals(ChatJson.text(last, "id")) ? last : null;
    }
    return null;
  }

  private static long weight(JsonNode node) {
    long weight = node.isTextual() ? node.textValue().length() : COST_OF_FIELD;
    for (JsonNode child : node) {
      weight += weight(child);
    }
    return weight;
  }

  private void charge(long characters) {
    size += characters;
    if (size > limit) {
      throw new TooLongException(limit);
    }
  }

  /** Whether every choice that has begun says why it ended. */
  public boolean ended() {
    return !choices.isEmpty()
        && choices.values().stream().allMatch(choice -> choice.hasNonNull("finish_reason"));
  }

  /** Whether anything has come. */
  public boolean isEmpty() {
    return choices.isEmpty();
  }

  /** The whole answer, of the type {@code chat.completion}. */
  public ObjectNode answer() {
    texts.forEach(
        (object, fields) -> fields.forEach((name, text) -> object.put(name, text.toString())));
    ObjectNode whole = ChatJson.object();
    if (answer.has("id")) {
      whole.set("id", answer.get("id"));
    }
    whole.put("object", "chat.completion");
    answer.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
    ArrayNode list = whole.putArray("choices");
    for (ObjectNode choice : choices.values()) {
      list.add(withoutIndices(choice));
    }
    return whole;
  }

  /** Tool calls are numbered in pieces only. */
  private static ObjectNode withoutIndices(ObjectNode choice) {
    ObjectNode copy = choice.deepCopy();
    for (JsonNode call : copy.path("message").path("tool_calls")) {
      ((ObjectNode) call).remove("index");
    }
    return copy;
  }
}
