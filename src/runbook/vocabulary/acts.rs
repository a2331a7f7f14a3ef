//! The words that tell somebody to do something by hand, and those that only tell.

use super::words::Words;

#[rustfmt::skip] // words, many to a line
phrases! {
    /// What is done in an editor, a browser or by telling somebody: no command beside it does that.
    HAND = [
        "take a backup", "make a backup", "create a backup", "take a snapshot", "make a snapshot", "take a dump", "always take", "fai un backup", "fare un backup", "esegui un backup", "zrob kopie", "wykonaj kopie", "сделайте резервную", "сделайте бэкап", "создайте резервную", "зробіть резервну", "yedek alin", "buat cadangan", "buat backup", "lakukan backup", "sao luu", "maak een back up", "maak een backup", "erstellen sie ein backup", "erstelle ein backup", "haga un respaldo", "realice un respaldo", "realice una copia", "faca uma copia",
        "edit", "open", "save", "change", "back up", "click", "sign in", "log in", "log into", "contact", "notify", "announce", "inform", "tell", "ask", "enter", "paste", "select", "choose", "tick", "fill",
        "uncomment", "upload", "download", "navigate", "visit", "browse to", "carry out", "apply the changes", "apply the instructions", "apply any changes", "apply all changes", "write down", "note down", "press", "approve", "merge", "adjust", "modify", "follow the",
        "bearbeiten sie", "bearbeite", "offnen sie", "offne", "speichern sie", "speichere", "sichern sie", "andern sie", "klicken sie", "klicke", "melden sie sich", "melde dich", "kontaktieren sie", "kontaktiere", "benachrichtigen sie", "informieren sie",
        "informiere", "tragen sie", "trage", "fullen sie", "wahlen sie", "wahle", "laden sie", "passen sie", "geben sie", "gehen sie",
        "editer", "editez", "ouvrir", "ouvrez", "modifier", "modifiez", "changer", "changez", "sauvegarder", "sauvegardez", "effectuer une sauvegarde", "effectuez une sauvegarde", "enregistrer", "enregistrez", "cliquer", "cliquez", "contacter", "contactez",
        "prevenir", "prevenez", "notifier", "notifiez", "informer", "informez", "renseigner", "renseignez", "remplir", "remplissez", "choisir", "choisissez", "selectionner", "selectionnez", "telecharger", "telechargez", "televerser", "coller", "collez", "saisir",
        "saisissez", "adapter", "adaptez", "ajuster", "ajustez", "appliquer les", "appliquez les", "rendez vous", "decommenter", "decommentez",
        "edite", "edita", "editar", "abra", "abre", "abrir", "cambie", "cambia", "cambiar", "guarde", "guarda", "guardar", "haga clic", "haz clic", "inicie sesion", "inicia sesion", "contacte", "contacta", "notifique", "avise", "avisa", "rellene", "rellena",
        "seleccione", "selecciona", "elija", "elige", "descargue", "suba", "pegue", "pega", "modifique", "descomente", "descomenta", "aplique los", "aplique las", "ingrese", "haga una copia", "haz una copia",
        "altere", "altera", "alterar", "salve", "salvar", "clique", "faca login", "faca backup", "faca um backup", "contate", "preencha", "selecione", "escolha", "baixe", "cole", "descomente", "aplique as", "aplique os", "acesse",
        "modificare", "modificate", "apri", "aprire", "aprite", "cambiare", "salva", "salvare", "salvate", "clicca", "cliccare", "accedi", "accedere", "contatta", "contattare", "avvisa", "avvisare", "inserisci", "inserire", "seleziona", "scegli", "scarica", "incolla",
        "scommenta", "decommenta", "applica le", "applica i",
        "edytuj", "otworz", "zmien", "zapisz", "kliknij", "zaloguj sie", "skontaktuj", "powiadom", "poinformuj", "uzupelnij", "wypelnij", "wybierz", "pobierz", "wgraj", "wklej", "zmodyfikuj", "dostosuj", "odkomentuj", "dopisz", "wpisz",
        "отредактируйте", "отредактируй", "откройте", "открой", "измените", "измени", "сохраните", "нажмите", "войдите", "свяжитесь", "уведомите", "сообщите", "заполните", "выберите", "скачайте", "вставьте", "раскомментируйте", "впишите", "укажите",
        "отредактировать", "открыть", "изменить", "сохранить", "заполнить", "указать", "відредагуйте", "відкрийте", "змініть", "збережіть", "натисніть", "увійдіть", "повідомте", "заповніть", "виберіть", "вставте", "розкоментуйте", "впишіть", "вкажіть",
        "buka", "ubah", "simpan", "klik", "masuk ke", "hubungi", "beritahu", "isi file", "pilih", "unduh", "unggah", "tempel", "sesuaikan", "mo file", "mo tep", "chinh sua", "sua file", "luu file", "dang nhap", "lien he", "thong bao", "dien vao",
        "bewerk", "wijzig", "neem contact", "informeer", "selecteer", "plak", "otevrete", "upravte", "ulozte", "kliknete",
        "编辑", "修改", "打开", "更改", "保存", "点击", "登录", "联系", "通知", "告知", "填写", "选择", "上传", "下载", "粘贴", "替换", "编写",
    ];
    /// The same at the end of a clause.
    HAND_LAST = [
        "書き換え", "書き換える", "編集し", "編集する", "に戻す", "置き換える", "に変更する",
        "offnen", "bearbeiten", "anpassen", "eintragen", "speichern", "andern", "anklicken", "klicken", "anmelden", "einloggen", "ausfullen", "hinzufugen", "hochladen", "herunterladen", "benachrichtigen", "informieren", "kontaktieren", "setzen", "einfugen",
        "auswahlen", "ersetzen", "erganzen", "duzenleyin", "duzenle", "acin", "degistirin", "kaydedin", "tiklayin", "giris yapin", "bildirin", "doldurun", "secin",
        "を編集", "編集します", "編集する", "編集してください", "開きます", "開いてください", "変更します", "変更する", "変更してください", "設定してください", "保存します", "保存してください", "クリックします", "クリックしてください", "ログインします", "ログインしてください",
        "連絡します", "連絡してください", "通知します", "入力します", "入力してください", "選択します", "選択してください", "アップロードします", "追加してください", "設定をしてください", "アクセスします", "にアクセスして",
        "편집합니다", "편집하세요", "엽니다", "여세요", "변경하세요", "변경합니다", "저장하세요", "저장합니다", "클릭하세요", "클릭합니다", "로그인하세요", "로그인합니다", "입력하세요", "입력합니다", "선택하세요", "설정하세요", "수정하세요", "수정합니다", "알리세요", "연락하세요",
    ];
    /// Acts that a command may do as well.
    WIDE = [
        "set", "add", "remove", "delete", "update", "create", "replace", "copy", "move", "configure", "go to", "make sure", "ensure", "register", "enable", "disable", "switch", "turn", "point", "assign", "invite", "rename", "disconnect", "put", "apply", "apply for", "do not forget", "don t forget", "remember to",
        "setze", "setzen sie", "fuge", "fugen sie", "ersetze", "ersetzen sie", "erstelle", "erstellen sie", "stellen sie", "ajouter", "ajoutez", "remplacer", "remplacez", "creer", "creez",
        "supprimer", "supprimez", "configurer", "configurez", "anade", "anada", "agregue", "agrega", "cree", "crea", "crear", "reemplace", "reemplaza", "configure",
        "copia", "copie", "adicione", "crie", "criar", "substitua", "aggiungi", "sostituisci", "configura", "copiare",
        "dodaj", "utworz", "zamien", "skopiuj", "добавьте", "создайте", "замените", "настройте", "скопируйте", "удалите", "загрузите",
        "додайте", "створіть", "замініть", "налаштуйте", "tambahkan", "buat", "ganti", "tao", "thay", "voeg", "maak",
        "添加", "创建", "配置", "设置", "更新", "按照", "参照",
    ];
    /// What is run or looked at.
    RUNS = [
        "install", "run", "start", "stop", "wait", "check", "verify", "confirm", "test", "look", "watch", "review", "restart", "repeat", "connect", "prepare", "fetch", "keep", "order", "build", "deploy", "prufen", "prufe", "starten", "starte", "bestellen", "beantragen",
        "verifier", "verifiez", "tester", "testez", "lancer", "lancez", "redemarrer", "commander", "verifique", "verifica", "ejecute", "ejecuta", "reinicie", "instale", "instala", "execute", "esegui", "riavvia", "avvia", "controlla", "sprawdz", "uruchom", "zainstaluj",
        "проверьте", "запустите", "перезапустите", "установите", "убедитесь", "перевірте", "запустіть", "periksa", "jalankan", "pastikan", "kiem tra", "chay", "controleer", "检查", "确认", "执行", "运行", "重启", "请",
        "clear", "restore", "revert", "roll back", "roll out", "drain", "scale", "flush", "purge", "rotate", "reload", "reboot", "shut down", "kill", "bring up", "bring down", "take down", "unmount", "detach", "revoke", "clean up", "refresh", "promote", "publish", "push", "pull", "send", "close", "resume", "pause", "unfreeze", "unlock", "import", "export", "migrate", "redeploy", "upgrade", "downgrade",
        "validate", "escalate", "submit", "obtain", "cut over", "fail over", "warm up", "decommission", "terminate", "cancel", "coordinate", "generate", "rebuild", "rerun", "re run", "re enable", "undo", "wipe", "drop", "reset", "attach", "sync", "synchronize",
        "arreter", "arretez", "demarrer", "demarrez", "restaurer", "restaurez", "vider", "videz", "basculer", "basculez", "deployer", "deployez", "desactiver", "desactivez", "activer", "activez", "attendre", "attendez", "nettoyer", "nettoyez", "envoyer", "envoyez", "fermer", "fermez", "annuler", "annulez",
        "detener", "detenga", "deten", "iniciar", "inicie", "restaurar", "restaure", "vaciar", "vacie", "borrar", "borre", "eliminar", "elimine", "desplegar", "despliegue", "desactivar", "desactive", "activar", "active", "esperar", "espere", "enviar", "envie", "cerrar", "cierre", "cancelar", "cancele", "limpiar", "limpie",
        "parar", "pare", "reiniciar", "limpar", "limpe", "remover", "remova", "excluir", "exclua", "desativar", "desative", "ativar", "ative", "aguarde", "aguardar", "fechar", "feche", "fermare", "ferma", "avviare", "riavviare", "ripristinare", "ripristina", "svuotare", "svuota", "eliminare", "elimina", "disattivare", "attivare", "attendere", "attendi", "chiudere", "chiudi", "annullare",
        "zatrzymaj", "zatrzymac", "uruchomic", "przywroc", "wyczysc", "usun", "wylacz", "wlacz", "poczekaj", "zamknij", "wyslij", "остановите", "остановить", "запустить", "перезапустить", "восстановите", "восстановить", "очистите", "очистить", "удалить", "отключите", "отключить", "включите", "включить", "переключите", "переключить", "дождитесь", "закройте", "закрыть", "отправьте", "откатите", "зупиніть", "відновіть", "очистіть", "видаліть", "вимкніть", "увімкніть", "дочекайтеся",
        "停止", "启动", "关闭", "开启", "清理", "清空", "恢复", "回滚", "切换", "删除", "移除", "备份", "部署", "迁移", "修复", "解除", "升级", "安装", "导入", "导出", "等待", "提交", "拉取", "推送", "构建", "停用", "启用",
    ];
    /// The same at the end of a clause.
    RUNS_LAST = [
        "stoppen", "neustarten", "aktivieren", "deaktivieren", "einspielen", "zuruckspielen", "wiederherstellen", "loschen", "entfernen", "leeren", "umschalten", "umstellen", "umleiten", "freigeben", "sperren", "sichern", "migrieren", "installieren", "deinstallieren", "aktualisieren", "hochfahren", "herunterfahren", "abschalten", "einschalten", "ausschalten", "ausrollen", "zuruckrollen", "verschieben", "kopieren", "ausfuhren", "durchfuhren", "abwarten", "kontrollieren", "uberprufen", "bestatigen", "schliessen", "ankundigen", "abstimmen", "testen", "trennen", "verbinden", "erstellen", "anlegen", "bereitstellen",
        "を停止", "を停止する", "を停止します", "を起動", "を起動する", "を起動します", "を再起動", "を再起動する", "を再起動します", "を削除", "を削除する", "を削除します", "を実行", "を実行する", "を実行します", "を確認", "を確認する", "を確認します", "を解除", "を解除する", "を切り替える", "を切り替えます", "を復元", "を復元する", "を有効化", "を無効化", "を連絡", "へ連絡", "に連絡", "を通知", "に通知",
        "중지", "중지한다", "중지합니다", "시작", "재시작", "재시작한다", "재시작합니다", "삭제", "삭제한다", "삭제합니다", "실행", "실행한다", "실행합니다", "확인한다", "확인합니다", "해제", "전환", "복원", "비활성화", "활성화", "durdurun", "baslatin", "yeniden baslatin", "silin", "kontrol edin", "calistirin", "kaldirin", "temizleyin",
    ];
    /// What leads to where something is done.
    WHERE = ["in", "on", "at", "im", "auf", "unter", "dans", "sur", "en", "no", "na", "nel", "nella", "sul", "sulla", "su", "w", "в", "на", "у", "di", "trong", "tren"];
    /// That something has to be, by whomever.
    MUST = [
        "must", "need to", "needs to", "have to", "has to", "should now", "you should", "make sure", "do not forget", "don t forget", "remember to", "muss", "mussen", "ist zu", "sind zu", "sollte", "sollten", "doit", "doivent", "il faut", "devez", "veillez",
        "n oubliez pas", "pensez a", "debe", "deben", "hay que", "es necesario", "asegurese", "asegurate", "no olvide", "deve", "devem", "e preciso", "e necessario", "certifique se", "nao esqueca", "devono", "bisogna", "occorre", "assicurati", "nalezy", "trzeba",
        "musi", "musisz", "должен", "должна", "должны", "должно", "нужно", "необходимо", "надо", "следует", "потрібно", "необхідно", "треба", "слід", "gerekir", "gerekiyor", "gereklidir", "gerekmektedir", "harus", "perlu", "wajib", "phai", "can phai", "moet", "moeten",
        "必须", "必須", "需要", "务必", "應", "请先", "必要があります", "必要です", "してください", "しなければ", "해야", "필요합니다", "하세요", "주세요",
    ];
    /// What leads to what is told: "Now", "After that".
    LEADS = [
        "now", "then", "next", "finally", "afterwards", "after that", "also", "please", "first", "and", "and then", "so", "lastly", "in addition", "nun", "jetzt", "dann", "danach", "anschliessend", "bitte", "zuletzt", "zuerst", "abschliessend", "ensuite", "puis",
        "maintenant", "enfin", "apres cela", "luego", "despues", "ahora", "entonces", "finalmente", "por ultimo", "primero", "agora", "depois", "em seguida", "por fim", "poi", "dopo", "infine", "ora", "quindi", "teraz", "nastepnie", "potem", "теперь", "затем", "потом",
        "далее", "сначала", "сперва", "спочатку", "d abord", "tout d abord", "innanzitutto", "najpierw", "eerst", "oncelikle", "truoc tien", "terlebih dahulu", "primeiro", "en primer lugar", "vorher", "zunachst", "首先", "まず", "먼저", "после этого", "потім", "далі", "тепер", "simdi", "sonra", "kemudian", "lalu", "sekarang", "selanjutnya", "bay gio", "tiep theo", "sau do", "vervolgens", "daarna", "现在", "然后", "接着", "接下来", "最后", "随后", "请", "次に", "最後に", "その後", "이제",
    ];
    /// What begins a clause of time, which a comma ends.
    AFTER = [
        "after", "once", "nach", "nachdem", "sobald", "apres", "une fois", "tras", "despues de", "una vez", "apos", "depois de", "dopo", "una volta", "po", "после", "після", "setelah", "sau khi", "when",
    ];
    /// What says that a person does it.
    BY_HAND = [
        "by hand", "manually", "in the browser", "in a browser", "in your browser", "with a browser", "with your browser", "mit dem browser", "mit einem browser", "avec un navigateur", "con un navegador", "com o navegador", "con il browser", "in the dashboard", "in the web console", "in the panel", "in the editor", "von hand", "manuell", "im browser", "a la main", "manuellement", "dans le navigateur",
        "a mano", "manualmente", "en el navegador", "no navegador", "nel browser", "recznie", "w przegladarce", "вручную", "в браузере", "вручну", "у браузері", "手动", "手動", "在浏览器", "ブラウザ", "수동으로", "브라우저",
    ];
    /// What begins a sentence that only tells.
    TELLS = [
        "the", "this", "these", "that", "those", "it", "its", "they", "there", "a", "an", "all", "each", "every", "we", "our", "here", "das", "die", "der", "den", "es", "ein", "eine", "diese", "dieser", "dieses", "hier", "le", "la", "les", "un", "une", "ce", "cette",
        "ces", "il", "elle", "l", "el", "los", "las", "una", "este", "esta", "estos", "o", "os", "as", "um", "uma", "essa", "esse", "lo", "gli", "questo", "questa", "het", "een", "de", "dit",
    ];
    /// Verbs of sentences that only tell.
    FINITE = [
        "is", "are", "was", "were", "has", "will", "can", "may", "does", "runs", "ist", "sind", "war", "hat", "haben", "wird", "werden", "kann", "konnen", "gehort", "gehoren", "lauft", "laufen", "gibt", "liegt", "enthalt", "genugt", "est", "sont", "a ete", "sera", "peut",
        "es", "son", "fue", "sera", "puede", "estan", "e", "sao", "foi", "pode", "sono", "puo", "viene", "vengono", "jest", "sa", "zostanie", "является", "будет", "будут", "есть",
    ];
    /// What a program does by itself, or asks: what is listed below is nobody's work.
    BY_ITSELF = [
        "you will receive", "you ll receive", "you will get", "you ll get", "riceverai", "riceverete", "recibiras", "recibira", "vous recevrez", "tu recevras", "sie erhalten", "du erhaltst", "voce recebera", "вы получите", "otrzymasz",
        "automatically", "by itself", "by themselves", "automatisch", "von selbst", "automatiquement", "automaticamente", "automatycznie", "автоматически", "автоматично", "otomatik", "otomatis", "tu dong", "自动", "自動", "자동", "asks for", "will ask", "asks you",
        "fragt nach", "demande", "pide", "pedira", "pede", "chiede", "zapyta", "спросит", "запросит", "se hoi", "akan meminta", "there are", "there is", "es gibt", "il y a", "hay dos", "hay tres", "ci sono", "existem", "sa dwa", "co hai", "terdapat", "ada dua",
    ];
    /// What asks in a heading for an explanation.
    WHAT = [
        "what", "why", "how does", "how do", "how it works", "was", "warum", "wieso", "wie funktioniert", "que", "pourquoi", "qu est ce", "comment fonctionne", "por que", "como funciona", "o que", "cosa", "perche", "come funziona", "co", "dlaczego", "jak dziala", "что", "почему",
        "як", "що", "чому", "как", "ne", "neden", "apa", "mengapa", "vi sao", "什么", "为什么",
    ];
    /// What heads a description of what is to be seen, or of what somebody is sent.
    FORETELLS = [
        "what you will see", "what you ll see", "what you should see", "what happens", "what to expect", "cosa vedrai", "cosa succede", "que veras", "lo que veras", "que pasa", "o que voce vera", "ce que vous verrez", "ce que tu verras", "was sie sehen", "was du siehst",
        "was passiert", "что вы увидите", "что произоидет", "что происходит", "co zobaczysz", "apa yang akan terjadi",
    ];
    /// What is packed, sent or filled in before a command, and by no command.
    HAND_BEFORE = [
        "packing", "uploading", "editing", "filling in", "filling out", "adjusting", "customizing", "changing", "上传", "打包", "修改", "编辑", "填写", "hochladen", "bearbeiten", "anpassen", "ausfullen", "редактирования", "загрузки", "заполнения",
    ];
}

/// Nouns of what an act is done with, without which a verb is only the name of something.
pub(in crate::runbook) const SAID_OF: Words = &[
    "is", "are", "was", "were", "will", "has", "have", "takes", "can", "may", "requests", "details", "logs",
    "log",
];
