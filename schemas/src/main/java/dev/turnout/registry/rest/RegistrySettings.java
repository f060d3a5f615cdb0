package dev.turnout.registry.rest;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where the Schema Registry is and how to talk to it, under the configuration keys that Confluent's
 * own clients use, each with or without the leading {@code schema.registry.}.
 *
 * @param urls base URLs in order of preference, without a final slash
 * @param credentials what is sent with every request
 * @param tls TLS settings as Kafka's {@code ssl.*} keys; empty means the JVM's defaults
 * @param connectTimeout longest wait for a connection
 * @param readTimeout longest wait for an answer
 * @param maxRetries further rounds over all URLs after the first failed
 * @param retryWait pause before the first retry; doubles with each
 * @param retryMaxWait longest pause between retries
 * @param cacheCapacity largest number of schemas kept
 * @param missingIdTtl how long an unknown id is remembered as unknown
 * @param latestTtl how long a subject's latest version is remembered; negative means for ever
 */
public record RegistrySettings(
    List<String> urls,
    Credentials credentials,
    Map<String, Object> tls,
    Duration connectTimeout,
    Duration readTimeout,
    int maxRetries,
    Duration retryWait,
    Duration retryMaxWait,
    int cacheCapacity,
    Duration missingIdTtl,
    Duration latestTtl) {

  /** Begins the URL of a registry within the process. */
  public static final String MOCK = "mock://";

  /** Configuration key of the URLs. */
  public static final String URL_CONFIG = "schema.registry.url";

  private static final String PREFIX = "schema.registry.";

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              "http.connect.timeout.ms",
              ConfigDef.Type.LONG,
              5_000L,
              Range.atLeast(1),
              Importance.LOW,
              "Longest wait for a connection to the registry, in milliseconds.")
          .define(
              "http.read.timeout.ms",
              ConfigDef.Type.LONG,
              10_000L,
              Range.atLeast(1),
              Importance.LOW,
              "Longest wait for an answer of the registry, in milliseconds.")
          .define(
              "max.retries",
              ConfigDef.Type.INT,
              3,
              Range.atLeast(0),
              Importance.LOW,
              "Further rounds over all URLs after the first failed.")
          .define(
              "retries.wait.ms",
              ConfigDef.Type.LONG,
              200L,
              Range.atLeast(1),
              Importance.LOW,
              "Pause before the first retry, in milliseconds; doubles with each.")
          .define(
              "retries.max.wait.ms",
              ConfigDef.Type.LONG,
              2_000L,
              Range.atLeast(1),
              Importance.LOW,
              "Longest pause between retries, in milliseconds.")
          .define(
              "max.schemas.per.subject",
              ConfigDef.Type.INT,
              1_000,
              Range.atLeast(1),
              Importance.LOW,
              "Largest number of schemas kept in memory.")
          .define(
              "missing.id.cache.ttl.sec",
              ConfigDef.Type.LONG,
              5L,
              Range.atLeast(0),
              Importance.LOW,
              "How long an unknown schema id is remembered as unknown, in seconds.")
          .define(
              "latest.cache.ttl.sec",
              ConfigDef.Type.LONG,
              -1L,
              Importance.LOW,
              "How long a subject's latest version is remembered, in seconds; -1 means for ever.");

  /** Freezes the collections. */
  public RegistrySettings {
    urls = List.copyOf(urls);
    tls = Map.copyOf(tls);
  }

  /**
   * Reads the settings out of a client's configuration.
   *
   * @throws ConfigException naming the key that is missing or wrong
   */
  public static RegistrySettings from(Map<String, ?> config) {
    List<String> urls = urls(config);
    Map<String, Object> plain = new HashMap<>();
    config.forEach(
        (key, value) -> {
          if (value != null && DEFINITION.names().contains(key)) {
            plain.put(key, value);
          }
        });
    config.forEach(
        (key, value) -> {
          if (value != null && key.startsWith(PREFIX)) {
            plain.put(key.substring(PREFIX.length()), value);
          }
        });
    AbstractConfig parsed = new AbstractConfig(DEFINITION, plain, false);
    Duration retryWait = Duration.ofMillis(parsed.getLong("retries.wait.ms"));
    Duration retryMaxWait = Duration.ofMillis(parsed.getLong("retries.max.wait.ms"));
    return new RegistrySettings(
        urls.stream().map(Credentials::withoutUserInfo).toList(),
        Credentials.from(config, urls),
        RegistryTls.settings(config),
        Duration.ofMillis(parsed.getLong("http.connect.timeout.ms")),
        Duration.ofMillis(parsed.getLong("http.read.timeout.ms")),
        parsed.getInt("max.retries"),
        retryWait,
        retryMaxWait.compareTo(retryWait) < 0 ? retryWait : retryMaxWait,
        parsed.getInt("max.schemas.per.subject"),
        Duration.ofSeconds(parsed.getLong("missing.id.cache.ttl.sec")),
        Duration.ofSeconds(parsed.getLong("latest.cache.ttl.sec")));
  }

  private static List<String> urls(Map<String, ?> config) {
    Object value = config.get(URL_CONFIG);
    String joined = value instanceof List<?> list ? joined(list) : value == null ? "" : "" + value;
    List<String> urls =
        Arrays.stream(joined.split(","))
            .map(String::strip)
            .filter(url -> !url.isEmpty())
            .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
            .toList();
    if (urls.isEmpty()) {
      throw new ConfigException(
          URL_CONFIG, value, "give at least one URL, e.g. http://localhost:8081");
    }
    for (String url : urls) {
      if (!url.matches("(?i)https?://.+") && !url.startsWith(MOCK)) {
        // what stands before the host may be a password
        String shown = url.replaceFirst("^.*@", "***@");
        throw new ConfigException(URL_CONFIG, shown, "a URL begins with http:// or https://");
      }
    }
    return urls;
  }

  private static String joined(List<?> list) {
    return String.join(",", list.stream().map(String::valueOf).toList());
  }

  @Override
  public String toString() {
    return "RegistrySettings[urls=" + urls + ", credentials=" + credentials + "]";
  }
}
