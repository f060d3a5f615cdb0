package dev.turnout.registry.rest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * TLS towards the registry, from {@code schema.registry.ssl.*}: JKS, PKCS12 and PEM stores, read by
 * Kafka's own code so that both connections take the same files.
 */
final class RegistryTls {

  private static final String PREFIX = "schema.registry.ssl.";

  private RegistryTls() {}

  static Map<String, Object> settings(Map<String, ?> config) {
    Map<String, Object> tls = new HashMap<>();
    config.forEach(
        (key, value) -> {
          if (value != null && key.startsWith(PREFIX)) {
            tls.put("ssl." + key.substring(PREFIX.length()), value);
          }
        });
    return tls;
  }

  static SSLContext context(Map<String, Object> tls) {
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    Map<String, Object> values = new HashMap<>(new AbstractConfig(definition, tls, false).values());
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(values);
      return factory.sslContext();
    }
  }

  /** True when the server's name must not be compared with its certificate. */
  static boolean ignoresHostName(Map<String, Object> tls) {
    Object algorithm = tls.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    return algorithm != null
        && Set.of("", "none").contains(algorithm.toString().toLowerCase(Locale.ROOT));
  }
}
