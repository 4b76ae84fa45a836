import java.io.FileInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * java Client.java PORT CA NAME VERSION SUITE REQUEST SESSIONS: sends the file REQUEST, and says the SHA-256 of what is answered, each session a
 * line.
 */
public class Client {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        SSLContext context = trusting(arguments[1]);
        for (int session = Integer.parseInt(arguments[6]); session > 0; session--) {
            Socket plain = new Socket("127.0.0.1", port);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, arguments[2], port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(new String[] {"TLSv" + arguments[3]});
                parameters.setCipherSuites(new String[] {arguments[4]});
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                Files.copy(Path.of(arguments[5]), socket.getOutputStream());
                System.out.println(hashOf(socket.getInputStream()));
            }
        }
    }

    private static SSLContext trusting(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (InputStream input = new FileInputStream(file)) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String hashOf(InputStream input) throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65536];
        for (int count; (count = input.read(buffer)) >= 0;) {
            hash.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(hash.digest());
    }
}
