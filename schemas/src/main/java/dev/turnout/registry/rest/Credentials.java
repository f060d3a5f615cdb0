package dev.turnout.registry.rest;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * What proves to the registry who is asking.
 *
 * @param authorization value of the Authorization header; null sends none
 */
record Credentials(@Nullable String authorization) {

  static final String BASIC_SOURCE = "basic.auth.credentials.source";
  static final String BASIC_USER_INFO = "basic.auth.user.info";
  static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  static final String BEARER_TOKEN = "bearer.auth.token";

  static Credentials from(Map<String, ?> config, List<String> urls) {
    @Nullable String bearer = value(config, BEARER_SOURCE);
    if (bearer != null) {
      return bearer(bearer, config);
    }
    String source = value(config, BASIC_SOURCE);
    return switch (source == null ? "URL" : source.toUpperCase(Locale.ROOT)) {
      case "URL" -> fromUrl(urls);
      case "USER_INFO" -> {
        @Nullable String userInfo = value(config, BASIC_USER_INFO);
        if (userInfo == null || !userInfo.contains(":")) {
          throw new ConfigException(
              BASIC_USER_INFO + " must be user:password when " + BASIC_SOURCE + " is USER_INFO");
        }
        yield basic(userInfo);
      }
      default ->
          throw new ConfigException(
              BASIC_SOURCE, source, "only URL and USER_INFO are known; choose one of them");
    };
  }

  private static Credentials bearer(String source, Map<String, ?> config) {
    if (!source.equalsIgnoreCase("STATIC_TOKEN")) {
      throw new ConfigException(
          BEARER_SOURCE, source, "only STATIC_TOKEN is known; put the token in " + BEARER_TOKEN);
    }
    @Nullable String token = value(config, BEARER_TOKEN);
    if (token == null || token.isBlank()) {
      throw new ConfigException(
          BEARER_TOKEN + " must hold the token when " + BEARER_SOURCE + " is STATIC_TOKEN");
    }
    return new Credentials("Bearer " + token.strip());
  }

  private static Credentials fromUrl(List<String> urls) {
    for (String url : urls) {
      @Nullable String userInfo = URI.create(url).getUserInfo();
      if (userInfo != null) {
        return basic(userInfo);
      }
    }
    return new Credentials(null);
  }

  private static Credentials basic(String userInfo) {
    return new Credentials(
        "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
  }

  /** The URL as it is requested and printed: a password in it must reach no log. */
  static String withoutUserInfo(String url) {
    return url.replaceFirst("://[^/@]*@", "://");
  }

  private static @Nullable String value(Map<String, ?> config, String key) {
    @Nullable Object prefixed = config.get("schema.registry." + key);
    @Nullable Object value = prefixed == null ? config.get(key) : prefixed;
    if (value instanceof Password password) {
      return password.value();
    }
    return value == null || value.toString().isBlank() ? null : value.toString();
  }

  @Override
  public String toString() {
    return authorization == null ? "none" : authorization.replaceFirst(" .*", " [hidden]");
  }
}
