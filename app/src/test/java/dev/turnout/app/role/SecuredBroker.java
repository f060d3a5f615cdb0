package dev.turnout.app.role;

import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.broker.FreePort;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/**
 * A broker that lets nobody do what is not granted, reached by SASL/SCRAM, by SASL/OAUTHBEARER with
 * unsigned tokens, and by mutual TLS. One more listener without any of it belongs to the test,
 * whose principal ANONYMOUS may do everything.
 */
final class SecuredBroker implements AutoCloseable {
  private static final String KAFKA = "org.apache.kafka.common.security.";

  private final EmbeddedBroker broker;
  private final int saslPort;
  private final int tlsPort;
  private final Certificates certificates;
  private final Admin admin;

  private SecuredBroker(
      EmbeddedBroker broker, int saslPort, int tlsPort, Certificates certificates) {
    this.broker = broker;
    this.saslPort = saslPort;
    this.tlsPort = tlsPort;
    this.certificates = certificates;
    this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  /**
   * Starts it.
   *
   * @param users each with a password and a certificate; without any right
   */
  static SecuredBroker start(Path dir, List<String> users) throws Exception {
    List<String> names = new ArrayList<>(users);
    names.add(Certificates.BROKER);
    Certificates certificates = Certificates.make(dir, names);
    int port = FreePort.find();
    int controller = FreePort.find();
    int sasl = FreePort.find();
    int tls = FreePort.find();
    Map<String, String> config = new HashMap<>();
    certificates
        .of(Certificates.BROKER)
        .forEach((key, value) -> config.put("listener.name.tls." + key, value));
    config.put("listener.name.tls.ssl.client.auth", "required");
    config.put("listener.name.tls.ssl.principal.mapping.rules", "RULE:^CN=(.*)$/$1/");
    config.put("controller.quorum.voters", "1@localhost:" + controller);
    String clients =
        "PLAINTEXT://localhost:" + port + ",SASL://localhost:" + sasl + ",TLS://localhost:" + tls;
    config.put("listeners", clients + ",CONTROLLER://localhost:" + controller);
    config.put("advertised.listeners", clients);
    config.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL");
    config.put("sasl.enabled.mechanisms", "SCRAM-SHA-256,OAUTHBEARER");
    config.put(
        "listener.name.sasl.scram-sha-256.sasl.jaas.config",
        KAFKA + "scram.ScramLoginModule required;");
    config.put(
        "listener.name.sasl.oauthbearer.sasl.jaas.config",
        KAFKA + "oauthbearer.OAuthBearerLoginModule required;");
    config.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    config.put("allow.everyone.if.no.acl.found", "false");
    config.put("super.users", "User:ANONYMOUS");
    SecuredBroker secured =
        new SecuredBroker(
            EmbeddedBroker.start(new EmbeddedBroker.Settings(null, port, config)),
            sasl,
            tls,
            certificates);
    secured.addUsers(users);
    return secured;
  }

  private void addUsers(List<String> users) throws Exception {
    List<UserScramCredentialAlteration> passwords =
        users.stream()
            .<UserScramCredentialAlteration>map(
                user ->
                    new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        password(user)))
            .toList();
    admin.alterUserScramCredentials(passwords).all().get();
  }

  static String password(String user) {
    return user + "-secret";
  }

  /** As the test itself, which may do everything. */
  Map<String, Object> test() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  Admin admin() {
    return admin;
  }

  /** Kafka's settings of a user by password. */
  Map<String, String> scram(String user) {
    return Map.of(
        "bootstrap.servers",
        "localhost:" + saslPort,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "SCRAM-SHA-256",
        "sasl.jaas.config",
        KAFKA
            + "scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + password(user)
            + "\";");
  }

  /** Kafka's settings of a user by bearer token. */
  Map<String, String> bearer(String user) {
    return Map.of(
        "bootstrap.servers",
        "localhost:" + saslPort,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "OAUTHBEARER",
        "sasl.jaas.config",
        KAFKA
            + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\""
            + user
            + "\";");
  }

  /** Kafka's settings of a user by certificate. */
  Map<String, String> tls(String user) {
    Map<String, String> settings = new HashMap<>(certificates.of(user));
    settings.put("bootstrap.servers", "localhost:" + tlsPort);
    settings.put("security.protocol", "SSL");
    return settings;
  }

  /** Grants, and waits until it holds. */
  void grant(Collection<AclBinding> acls) throws Exception {
    admin.createAcls(acls).all().get();
    await(() -> known().containsAll(acls));
  }

  /** Takes a right away, and waits until it is gone. */
  void revoke(AclBinding acl) throws Exception {
    admin.deleteAcls(Set.of(acl.toFilter())).all().get();
    await(() -> !known().contains(acl));
  }

  private Collection<AclBinding> known() throws Exception {
    return admin.describeAcls(AclBindingFilter.ANY).values().get();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.call()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("the broker does not take the ACLs over");
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    admin.close();
    broker.close();
  }
}
