package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@value #FILE_NAME}: {@code {"llm": {"inputPrice": 0.2, "outputPrice": 0.2}}} in USD per 1M
 * tokens; {@code input_price} and {@code output_price} are read as well, other fields are skipped.
 */
final class PriceFile {
  static final String FILE_NAME = "prices.json";

  private PriceFile() {}

  /** The prices in the folder's price file; empty when it has none. */
  static Map<String, LlmPrice> read(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    Map<String, LlmPrice> prices = new LinkedHashMap<>();
    JsonObjectFile.fields(
            file,
            "write {\"llm\": {\"inputPrice\": 0.2, \"outputPrice\": 0.2}} in USD per 1M tokens")
        .forEach(
            entry -> {
              String llm = entry.getKey();
              prices.put(
                  llm,
                  new LlmPrice(
                      price(file, llm, entry.getValue(), "inputPrice", "input_price"),
                      price(file, llm, entry.getValue(), "outputPrice", "output_price")));
            });
    return prices;
  }

  private static double price(Path file, String llm, JsonNode entry, String name, String snake) {
    JsonNode value = entry.has(name) ? entry.get(name) : entry.path(snake);
    if (value.isNumber() && value.doubleValue() >= 0 && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    String problem =
        value.isMissingNode() || value.isNull()
            ? "llm \"%s\" has no %s (USD per 1M tokens)".formatted(llm, name)
            : "llm \"%s\" has %s %s".formatted(llm, name, value);
    throw new OutcomeDataException(
        file.toString(), problem, "give a number of USD per 1M tokens, 0 when it costs nothing");
  }
}
